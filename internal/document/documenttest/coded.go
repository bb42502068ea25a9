package documenttest

import (
	"encoding/binary"
	"math"
	"math/bits"
	"sync"
)

// Component is one component of a [Frame].
type Component struct {
	ID   byte
	H, V int // the sampling factors
}

// Frame describes a picture that [Coded] makes.
type Frame struct {
	Width, Height int
	Components    []Component // the first has the largest factors
	Progressive   bool
	Restart       int    // blocks from one restart marker to the next, 0 for none; only where no component is subsampled
	Extra         []byte // segments that stand right behind the start of the picture
}

// Grey is the component of a grey picture.
func Grey() []Component { return []Component{{ID: 1, H: 1, V: 1}} }

// YCbCr are the components of a colour picture, the first with the factors h and v, the others with 1.
func YCbCr(h, v int) []Component {
	return []Component{{ID: 1, H: h, V: v}, {ID: 2, H: 1, V: 1}, {ID: 3, H: 1, V: 1}}
}

// scan is a step of a picture (T.81, annex G): the first and the last coefficient, the bit positions of the step before
// (0 for a first scan) and of this one.
type scan struct{ from, to, high, low int }

var (
	sequential  = []scan{{0, 63, 0, 0}}
	progressive = []scan{{0, 0, 0, 1}, {1, 5, 0, 2}, {6, 63, 0, 2}, {1, 63, 2, 1}, {0, 0, 1, 0}, {1, 63, 1, 0}}
)

// Coded makes a JPEG of a kind that image/jpeg cannot write: any sampling factors, progressive mode, restart markers.
// Every component shows the tile of [Tile] again and again. The same frame holds the same coefficients in either mode.
//
// Its Huffman codes all have one length, 4 bits for DC and 8 for AC, and no component shares a scan with another: simple,
// valid, and far from small.
func Coded(f Frame) []byte {
	blocks := tileBlocks()
	steps, sof := sequential, byte(0xc0)
	if f.Progressive {
		steps, sof = progressive, 0xc2
	}
	out := append([]byte{0xff, 0xd8}, f.Extra...)
	table := make([]byte, 65) // 8 bit, destination 0
	for i := range 64 {
		table[1+i] = quantum
	}
	out = append(out, Segment(0xdb, table)...)
	frame := []byte{8, byte(f.Height >> 8), byte(f.Height), byte(f.Width >> 8), byte(f.Width), byte(len(f.Components))}
	for _, c := range f.Components {
		frame = append(frame, c.ID, byte(c.H<<4|c.V), 0)
	}
	out = append(out, Segment(sof, frame)...)
	out = append(out, Segment(0xc4, huffmanTables())...)
	if f.Restart > 0 {
		out = append(out, Segment(0xdd, binary.BigEndian.AppendUint16(nil, uint16(f.Restart)))...)
	}
	for _, s := range steps {
		for _, c := range f.Components {
			out = append(out, Segment(0xda, []byte{1, c.ID, 0, byte(s.from), byte(s.to), byte(s.high<<4 | s.low)})...)
			w := writer{out: out, scan: s, sequential: !f.Progressive}
			columns := blocksOf(f.Width, c.H, f.Components[0].H)
			for i := range columns * blocksOf(f.Height, c.V, f.Components[0].V) {
				if f.Restart > 0 && i > 0 && i%f.Restart == 0 {
					w.flush()
					w.out = append(w.out, 0xff, 0xd0+byte((i/f.Restart-1)%8))
					w.dc = 0
				}
				w.block(&blocks[i/columns%8*8+i%columns%8])
			}
			w.flush()
			out = w.out
		}
	}
	return append(out, 0xff, 0xd9)
}

// blocksOf counts the blocks along one side of a component with a scan of its own (T.81, A.1.1 and A.2.2).
func blocksOf(pixels, factor, largest int) int {
	samples := (pixels*factor + largest - 1) / largest
	return (samples + 7) / 8
}

// Segment writes a marker segment. The body has at most 65533 bytes.
func Segment(marker byte, body []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(out, body...)
}

// sizes is the number of categories of a coefficient, from 0 on.
const sizes = 11

// huffmanTables is the body of the segment of both tables: the symbol with the code i is the i-th of its table.
func huffmanTables() []byte {
	dc, ac := make([]byte, 17), make([]byte, 17)
	dc[4], ac[0], ac[8] = sizes, 0x10, 16*sizes
	for size := range sizes {
		dc = append(dc, byte(size))
	}
	for run := range 16 {
		for size := range sizes {
			ac = append(ac, byte(run<<4|size))
		}
	}
	return append(dc, ac...)
}

// writer writes the entropy-coded data of one scan.
type writer struct {
	scan
	sequential  bool // no run of ended blocks is longer than one
	out         []byte
	partial     uint32 // the lowest bits are those of the byte that is not yet full
	filled      int    // their number
	dc          int    // of the block before
	run         int    // blocks that have ended and are not yet written
	corrections []int  // bits of the blocks of the run
}

// put writes the n lowest bits of v.
func (w *writer) put(v, n int) {
	w.partial = w.partial<<n | uint32(v)&(1<<n-1)
	for w.filled += n; w.filled >= 8; w.filled -= 8 {
		b := byte(w.partial >> (w.filled - 8))
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// flush ends an interval between restart markers.
func (w *writer) flush() {
	w.endRun()
	if w.filled > 0 {
		w.put(0xff, 8-w.filled)
	}
}

// ac writes the symbol of a run of zeros before a coefficient of a size.
func (w *writer) ac(run, size int) { w.put(run*sizes+size, 8) }

func (w *writer) correct(corrections []int) {
	for _, bit := range corrections {
		w.put(bit, 1)
	}
}

// endRun writes the pending run of ended blocks (G.1.2.2), with the correction bits of those blocks.
func (w *writer) endRun() {
	if w.run == 0 {
		return
	}
	n := bits.Len(uint(w.run)) - 1
	w.ac(n, 0)
	w.put(w.run, n)
	w.correct(w.corrections)
	w.run, w.corrections = 0, nil
}

// amplitude writes the bits of a coefficient of a size (F.1.2.1).
func (w *writer) amplitude(v, size int) {
	if v < 0 {
		v--
	}
	w.put(v, size)
}

func (w *writer) block(b *[64]int) {
	if w.from == 0 {
		if w.high > 0 {
			w.put(b[0]>>w.low, 1)
		} else {
			dc := b[0] >> w.low
			size := bits.Len(uint(magnitude(dc - w.dc)))
			w.put(size, 4)
			w.amplitude(dc-w.dc, size)
			w.dc = dc
		}
	}
	if w.to > 0 {
		if w.high > 0 {
			w.refine(b)
		} else {
			w.first(b)
		}
	}
	if w.run == 0x7fff || w.sequential {
		w.endRun()
	}
}

// first writes the AC coefficients of a block for the first time.
func (w *writer) first(b *[64]int) {
	zeros := 0
	for k := max(w.from, 1); k <= w.to; k++ {
		v := magnitude(b[k]) >> w.low
		if v == 0 {
			zeros++
			continue
		}
		w.endRun()
		for ; zeros > 15; zeros -= 16 {
			w.ac(15, 0)
		}
		size := bits.Len(uint(v))
		w.ac(zeros, size)
		if b[k] < 0 {
			v = -v
		}
		w.amplitude(v, size)
		zeros = 0
	}
	if zeros > 0 {
		w.run++
	}
}

// refine writes one more bit of the AC coefficients of a block (G.1.2.3).
func (w *writer) refine(b *[64]int) {
	last := 0 // the last coefficient that becomes one in this scan
	for k := w.from; k <= w.to; k++ {
		if magnitude(b[k])>>w.low == 1 {
			last = k
		}
	}
	zeros := 0
	var corrections []int
	for k := w.from; k <= w.to; k++ {
		v := magnitude(b[k]) >> w.low
		if v == 0 {
			zeros++
			continue
		}
		for ; zeros > 15 && k <= last; zeros -= 16 {
			w.endRun()
			w.ac(15, 0)
			w.correct(corrections)
			corrections = nil
		}
		if v > 1 {
			corrections = append(corrections, v&1)
			continue
		}
		w.endRun()
		w.ac(zeros, 1)
		sign := 1
		if b[k] < 0 {
			sign = 0
		}
		w.put(sign, 1)
		w.correct(corrections)
		zeros, corrections = 0, nil
	}
	if zeros > 0 || len(corrections) > 0 {
		w.run++
		w.corrections = append(w.corrections, corrections...)
	}
}

func magnitude(v int) int { return max(v, -v) }

// quantum is the step of every coefficient.
const quantum = 5

// zigzag is the place of each coefficient in its block, row by row (T.81, figure A.6).
var zigzag = [64]int{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// Tile is the brightness at a place of the tile of 64 by 64 pixels that [Coded] repeats: a grey disk with a rough half,
// on a slope of light.
func Tile(x, y int) byte {
	v := 120 + x + y
	if dx, dy := x-32, y-32; dx*dx+dy*dy < 500 {
		v = 60
		if x > 32 {
			v += x * y * 7 % 90
		}
	}
	return byte(v)
}

// tileBlocks are the quantized coefficients of the 64 blocks of the tile, in zigzag order.
var tileBlocks = sync.OnceValue(func() *[64][64]int {
	var wave [8][8]float64 // of each frequency at each place
	for u := range 8 {
		for x := range 8 {
			wave[u][x] = math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
			if u == 0 {
				wave[u][x] /= math.Sqrt2
			}
		}
	}
	var blocks [64][64]int
	for i := range blocks {
		for k, place := range zigzag {
			sum := 0.0
			for y := range 8 {
				for x := range 8 {
					light := float64(Tile(i%8*8+x, i/8*8+y)) - 128
					sum += light * wave[place%8][x] * wave[place/8][y]
				}
			}
			blocks[i][k] = int(math.Round(sum / quantum))
		}
	}
	return &blocks
})
