// A Go caller of libassay: see bindings/README.md for its arguments.
package main

import (
	"assay"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func numbers(path string) []float64 {
	bytes := must(os.ReadFile(path))
	values := make([]float64, len(bytes)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(bytes[8*i:]))
	}
	return values
}

func store(path string, values []float64) {
	bytes := make([]byte, 8*len(values))
	for i, value := range values {
		binary.LittleEndian.PutUint64(bytes[8*i:], math.Float64bits(value))
	}
	must(0, os.WriteFile(path, bytes, 0o644))
}

func price(engine *assay.Engine, folder string) {
	at := func(name string) string { return filepath.Join(folder, name) }
	out, verdicts, err := engine.Price(assay.Book{
		Type: must(os.ReadFile(at("type"))), Underlying: numbers(at("spot")), Strike: numbers(at("strike")),
		Years: numbers(at("years")), Rate: numbers(at("rate")), DividendYield: numbers(at("dividendYield")),
		Volatility: numbers(at("volatility")),
	}, "price", "delta")
	must(0, err)
	store(at("out.price"), out[0])
	store(at("out.delta"), out[1])
	must(0, os.WriteFile(at("out.verdict"), verdicts, 0o644))
}

func check(engine *assay.Engine) {
	var failed *assay.Error
	if _, err := engine.Execute("no_such", 1, nil, nil); !errors.As(err, &failed) || failed.Status != assay.Usage {
		must(0, fmt.Errorf("an unknown operation is not refused: %v", err))
	}
	var group sync.WaitGroup
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			out := must(engine.Execute("sha256_pair", 1, []assay.Column{{Data: make([]byte, 64)}}, nil, "digest"))
			if len(out["digest"]) != 32 {
				must(0, errors.New("a digest is not 32 bytes long"))
			}
		}()
	}
	group.Wait()
}

func main() {
	engine := must(assay.NewEngine("", 0))
	defer engine.Close()
	switch {
	case len(os.Args) == 3 && os.Args[1] == "price":
		price(engine, os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "verify":
		must(os.Stdout.Write(must(engine.VerifyRows(must(os.ReadFile(os.Args[2]))))))
	case len(os.Args) == 2 && os.Args[1] == "check":
		check(engine)
	default:
		fmt.Fprintln(os.Stderr, "usage: caller price FOLDER | verify FILE | check")
		os.Exit(2)
	}
}
