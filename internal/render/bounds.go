package render

import (
	"bytes"
	"context"
	"errors"
	"runtime/metrics"
	"time"
)

// What a program or a template of the user's may take: a longer one is a mistake, and one that runs away should not take the machine along.
const (
	programMax = 16 << 10 // bytes of its text
	outputMax  = 16 << 20 // bytes that a template makes
	memoryMax  = 64 << 20 // bytes that a jq program takes, more or less: they are looked at every few milliseconds
)

const (
	tooLong = "longer than 16 KiB"
	tooMuch = "it takes too much memory"
)

var errMemory = errors.New("too much memory")

// withinMemory gives a context that ends with errMemory when the process takes memoryMax more than it did. The result ends the watch.
func withinMemory(ctx context.Context) (context.Context, context.CancelFunc) {
	guarded, cancel := context.WithCancelCause(ctx)
	most := heap() + memoryMax
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-guarded.Done():
				return
			case <-tick.C:
				if heap() > most {
					cancel(errMemory)
				}
			}
		}
	}()
	return guarded, func() { cancel(nil) }
}

// heap is how much memory the objects of the process take, those that nobody needs any more included until they are found.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// boundedBuffer takes outputMax bytes and fails.
type boundedBuffer struct{ bytes.Buffer }

var errOutput = errors.New("too much output")

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > outputMax {
		return 0, errOutput
	}
	return b.Buffer.Write(p)
}
