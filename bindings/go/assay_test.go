package assay

import (
	"encoding/hex"
	"errors"
	"sync"
	"testing"
)

const zeroPair = "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"

func engine(t *testing.T) *Engine {
	t.Helper()
	engine, err := NewEngine("", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	return engine
}

func TestExecuteFromManyGoroutines(t *testing.T) {
	engine := engine(t)
	var group sync.WaitGroup
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			out, err := engine.Execute("sha256_pair", 1, []Column{{Data: make([]byte, 64)}}, nil, "digest")
			if err != nil || hex.EncodeToString(out["digest"]) != zeroPair {
				t.Error(out, err)
			}
		}()
	}
	group.Wait()
}

func TestErrorsHaveStatusesAndWords(t *testing.T) {
	engine := engine(t)
	expect := func(err error, status Status) {
		t.Helper()
		var failed *Error
		if !errors.As(err, &failed) || failed.Status != status || len(failed.Message) < 10 {
			t.Error(err)
		}
	}
	_, err := engine.Execute("no_such", 1, nil, nil)
	expect(err, Usage)
	_, err = engine.Execute("sha256_pair", 2, []Column{{Data: make([]byte, 64)}}, nil)
	expect(err, Shape)
	_, err = NewEngine("abacus", 0)
	expect(err, Unavailable)
	_, _, err = engine.Price(Book{Type: []byte{0}, Underlying: []float64{1, 2}}, "price")
	expect(err, Shape)
	_, _, err = engine.Price(Book{Type: []byte{0}}, "colour")
	expect(err, Usage)
}

func TestPriceGivesVerdicts(t *testing.T) {
	out, verdicts, err := engine(t).Price(Book{
		Type: []byte{0, 1}, Underlying: []float64{100, -1}, Strike: []float64{100, 100}, Years: []float64{1, 1},
		Volatility: []float64{0.2, 0.2},
	}, "price")
	if err != nil || verdicts[0] != Accepted || Reason(verdicts[1]) != "invalid-spot" {
		t.Fatal(out, verdicts, err)
	}
	if out[0][0] != 7.965567455405797 {
		t.Error(out[0][0])
	}
}
