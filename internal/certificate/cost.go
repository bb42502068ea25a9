package certificate

import (
	"encoding/asn1"
	"math/big"
)

// What a key's encryption may cost. The file says itself how often a password is hashed and with how much memory (RFC 8018, RFC 7914): one that is
// made to hurt could ask for hours, or for all of the machine.
const (
	iterationsMax = 10_000_000 // PBKDF2 and the older schemes
	scryptMax     = 1 << 21    // N·r·p, each 128 bytes
	costDepth     = 16
)

// costly tells that a file asks for more work than is given to it. Salt and costs stand one behind the other in every scheme.
func costly(der []byte) bool { return costlyAt(der, 0) }

func costlyAt(der []byte, depth int) bool {
	salted, costs, product := false, 0, big.NewInt(1)
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return false // nobody can read it
		}
		der = rest
		if n := new(big.Int); salted && v.Tag == asn1.TagInteger && v.Class == asn1.ClassUniversal {
			if _, err := asn1.Unmarshal(v.FullBytes, &n); err != nil || n.Sign() <= 0 {
				return true
			}
			product.Mul(product, n)
			costs++
			limit := int64(iterationsMax)
			if costs > 2 {
				limit = scryptMax
			}
			if costs != 2 && product.Cmp(big.NewInt(limit)) > 0 {
				return true
			}
			continue
		}
		salted, costs, product = v.Tag == asn1.TagOctetString && v.Class == asn1.ClassUniversal, 0, big.NewInt(1)
		// Contents stand in octet strings once more.
		if depth < costDepth && (v.IsCompound || salted) && costlyAt(v.Bytes, depth+1) {
			return true
		}
	}
	return false
}
