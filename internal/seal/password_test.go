package seal

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// referencePHC is the encoded form of the reference implementation's vector
// for "password" (P-H-C/phc-winner-argon2, src/test.c).
const referencePHC = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestDefaultPasswordParams(t *testing.T) {
	t.Parallel()
	for suite, want := range map[Suite]PasswordParams{
		SuiteAES: {Scheme: "argon2id", Memory: 19456, Time: 2, Parallelism: 1, KeyLen: 32},
		SuiteSM:  {Scheme: "pbkdf2-sm3", Iterations: 600000, KeyLen: 32},
	} {
		t.Run("valid for "+string(suite), func(t *testing.T) {
			t.Parallel()
			got := DefaultPasswordParams(suite)
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if err := got.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidateBoundsParams(t *testing.T) {
	t.Parallel()
	argon, sm := DefaultPasswordParams(SuiteAES), DefaultPasswordParams(SuiteSM)
	with := func(p PasswordParams, change func(*PasswordParams)) PasswordParams {
		change(&p)
		return p
	}
	accepted := map[string]PasswordParams{
		"256 MiB four times":    with(argon, func(p *PasswordParams) { p.Memory, p.Time = 256<<10, 4 }),
		"64 MiB once, 4 lanes":  with(argon, func(p *PasswordParams) { p.Memory, p.Time, p.Parallelism = 64<<10, 1, 4 }),
		"16 MiB twice":          with(argon, func(p *PasswordParams) { p.Memory = 16 << 10 }),
		"a 16-byte key":         with(argon, func(p *PasswordParams) { p.KeyLen = 16 }),
		"the fewest iterations": with(sm, func(p *PasswordParams) { p.Iterations = 100_000 }),
		"the most iterations":   with(sm, func(p *PasswordParams) { p.Iterations = 2_000_000 }),
	}
	for name, p := range accepted {
		t.Run(name+" is accepted", func(t *testing.T) {
			t.Parallel()
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
		})
	}
	refused := map[string]PasswordParams{
		"the zero value":           {},
		"an unknown scheme":        with(argon, func(p *PasswordParams) { p.Scheme = "scrypt" }),
		"4 GiB":                    with(argon, func(p *PasswordParams) { p.Memory = 4 << 20 }),
		"just above 256 MiB":       with(argon, func(p *PasswordParams) { p.Memory = 256<<10 + 1 }),
		"the largest memory":       with(argon, func(p *PasswordParams) { p.Memory, p.Time = 1<<32-1, 1<<32-1 }),
		"no memory":                with(argon, func(p *PasswordParams) { p.Memory = 0 }),
		"8 MiB once":               with(argon, func(p *PasswordParams) { p.Memory, p.Time = 8<<10, 1 }),
		"256 MiB five times":       with(argon, func(p *PasswordParams) { p.Memory, p.Time = 256<<10, 5 }),
		"no pass":                  with(argon, func(p *PasswordParams) { p.Time = 0 }),
		"17 passes":                with(argon, func(p *PasswordParams) { p.Time = 17 }),
		"no lane":                  with(argon, func(p *PasswordParams) { p.Parallelism = 0 }),
		"256 lanes, 0 in a byte":   with(argon, func(p *PasswordParams) { p.Parallelism = 256 }),
		"argon2id with iterations": with(argon, func(p *PasswordParams) { p.Iterations = 1 }),
		"no key":                   with(argon, func(p *PasswordParams) { p.KeyLen = 0 }),
		"a 15-byte key":            with(argon, func(p *PasswordParams) { p.KeyLen = 15 }),
		"a 65-byte key":            with(argon, func(p *PasswordParams) { p.KeyLen = 65 }),
		"too few iterations":       with(sm, func(p *PasswordParams) { p.Iterations = 99_999 }),
		"too many iterations":      with(sm, func(p *PasswordParams) { p.Iterations = 2_000_001 }),
		"pbkdf2 with memory":       with(sm, func(p *PasswordParams) { p.Memory = 19456 }),
		"pbkdf2 with time":         with(sm, func(p *PasswordParams) { p.Time = 1 }),
		"pbkdf2 with parallelism":  with(sm, func(p *PasswordParams) { p.Parallelism = 1 }),
	}
	for name, p := range refused {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			wantErr(t, p.Validate(), ErrPasswordParams)
			_, err := DerivePassword([]byte("Correct-Horse-7"), []byte("0123456789abcdef"), p)
			wantErr(t, err, ErrPasswordParams)
		})
	}
}

func TestDerivePasswordRefusesBadSalts(t *testing.T) {
	t.Parallel()
	for name, salt := range map[string]string{
		"no salt":           "",
		"a salt of 7 bytes": "1234567",
		"a salt of 65":      strings.Repeat("s", 65),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := DerivePassword([]byte("Correct-Horse-7"), []byte(salt), DefaultPasswordParams(SuiteAES))
			wantErr(t, err, ErrPasswordParams)
		})
	}
}

func TestPasswordParamsJSON(t *testing.T) {
	t.Parallel()
	for text, p := range map[string]PasswordParams{
		`{"scheme":"argon2id","memory":19456,"time":2,"parallelism":1,"key_len":32}`: DefaultPasswordParams(SuiteAES),
		`{"scheme":"pbkdf2-sm3","iterations":600000,"key_len":32}`:                   DefaultPasswordParams(SuiteSM),
	} {
		t.Run(p.Scheme+" goes out and comes back", func(t *testing.T) {
			t.Parallel()
			data, err := json.Marshal(p)
			if err != nil || string(data) != text {
				t.Fatalf("got %s, %v; want %s", data, err, text)
			}
			var got PasswordParams
			if err := json.Unmarshal(data, &got); err != nil || got != p {
				t.Fatalf("got %+v, %v", got, err)
			}
		})
	}
	for name, text := range map[string]string{
		"null":              `null`,
		"an empty object":   `{}`,
		"another type":      `"argon2id"`,
		"a negative number": `{"scheme":"argon2id","memory":-1,"time":2,"parallelism":1,"key_len":32}`,
		"more than 32 bits": `{"scheme":"argon2id","memory":4294986752,"time":2,"parallelism":1,"key_len":32}`,
		"4 GiB":             `{"scheme":"argon2id","memory":4194304,"time":2,"parallelism":1,"key_len":32}`,
		"an unknown member": `{"scheme":"argon2id","memory":19456,"time":2,"parallelism":1,"key_len":32,"secret":"x"}`,
		"an unknown scheme": `{"scheme":"md5","key_len":32}`,
	} {
		t.Run(name+" is refused and leaves the value alone", func(t *testing.T) {
			t.Parallel()
			got := DefaultPasswordParams(SuiteSM)
			// Called directly: encoding/json never passes it bad syntax.
			wantErr(t, got.UnmarshalJSON([]byte(text)), ErrPasswordParams)
			if got != DefaultPasswordParams(SuiteSM) {
				t.Fatalf("value became %+v", got)
			}
		})
	}
	t.Run("a second value is refused", func(t *testing.T) {
		t.Parallel()
		var got PasswordParams
		wantErr(t, got.UnmarshalJSON([]byte(`{"scheme":"pbkdf2-sm3","iterations":600000,"key_len":32}{}`)), ErrPasswordParams)
	})
}

func TestParsePHC(t *testing.T) {
	t.Parallel()
	params, salt, key, err := ParsePHC(referencePHC)
	if err != nil {
		t.Fatal(err)
	}
	want := PasswordParams{Scheme: SchemeArgon2id, Memory: 65536, Time: 2, Parallelism: 1, KeyLen: 32}
	if params != want || string(salt) != "somesalt" {
		t.Fatalf("got %+v, salt %q", params, salt)
	}
	got, err := DerivePassword([]byte("password"), salt, params)
	if err != nil || !bytes.Equal(got, key) {
		t.Fatalf("the password does not give the hash of the string: %v", err)
	}
}

func TestParsePHCRefuses(t *testing.T) {
	t.Parallel()
	edit := func(old, replacement string) string { return strings.Replace(referencePHC, old, replacement, 1) }
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"nothing":                     {"", ErrPHC},
		"a bcrypt hash":               {"$2b$12$abcdefghijklmnopqrstuuE1Qy1Q9mV1Qy1Q9mV1Qy1Q9mV1Qy1Q9", ErrPHC},
		"argon2i":                     {edit("argon2id", "argon2i"), ErrPHC},
		"no leading dollar":           {referencePHC[1:], ErrPHC},
		"something before":            {"x" + referencePHC, ErrPHC},
		"a field more":                {referencePHC + "$", ErrPHC},
		"no version":                  {edit("$v=19", ""), ErrPHC},
		"version 16":                  {edit("v=19", "v=16"), ErrPHC},
		"another order of costs":      {edit("m=65536,t=2,p=1", "t=2,m=65536,p=1"), ErrPHC},
		"a cost missing":              {edit(",p=1", ""), ErrPHC},
		"a cost twice":                {edit("p=1", "p=1,p=1"), ErrPHC},
		"a key id":                    {edit("p=1", "p=1,keyid=Zm9v"), ErrPHC},
		"a leading zero":              {edit("t=2", "t=02"), ErrPHC},
		"a plus sign":                 {edit("t=2", "t=+2"), ErrPHC},
		"a cost without digits":       {edit("t=2", "t="), ErrPHC},
		"a cost above 32 bits":        {edit("m=65536", "m=4295032832"), ErrPHC},
		"a padded salt":               {edit("c29tZXNhbHQ", "c29tZXNhbHQ="), ErrPHC},
		"a salt with a line break":    {edit("c29tZXNhbHQ", "c29t\nZXNhbHQ"), ErrPHC},
		"a hash with a line break":    {referencePHC + "\n", ErrPHC},
		"a hash with loose last bits": {referencePHC[:len(referencePHC)-1] + "d", ErrPHC},
		"a hash in base64url":         {edit("CTFh", "CT-h"), ErrPHC},
		"a string without end":        {referencePHC + strings.Repeat("A", 1<<16), ErrPHC},
		"no salt":                     {edit("c29tZXNhbHQ", ""), ErrPasswordParams},
		"a short hash":                {edit("CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "CTFhFdXPJO0"), ErrPasswordParams},
		"4 GiB":                       {edit("m=65536", "m=4194304"), ErrPasswordParams},
		"no lane":                     {edit("p=1", "p=0"), ErrPasswordParams},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, _, err := ParsePHC(tc.text)
			wantErr(t, err, tc.want)
			if strings.Contains(err.Error(), "GRPPc") || strings.Contains(err.Error(), "c29t") {
				t.Fatalf("the error quotes the hash: %v", err)
			}
		})
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(referencePHC)
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=,t=,p=$$")
	f.Fuzz(func(t *testing.T, text string) {
		params, salt, key, err := ParsePHC(text)
		if err != nil {
			return
		}
		if err := params.Validate(); err != nil {
			t.Fatalf("accepted parameters are out of bounds: %v", err)
		}
		if len(salt) < minSaltLen || len(salt) > maxSaltLen || len(key) != int(params.KeyLen) {
			t.Fatalf("salt has %d bytes, key %d of %d", len(salt), len(key), params.KeyLen)
		}
		if strings.TrimSpace(text) != text {
			t.Fatal("accepted white space")
		}
	})
}
