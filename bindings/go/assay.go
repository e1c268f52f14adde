// Package assay checks signatures and proofs and prices options in batches, with the same bits on every machine.
//
// It calls libassay through cgo; pkg-config must find assay.pc. An Engine may be used from several goroutines at once.
package assay

/*
#cgo pkg-config: assay
#include <stdlib.h>
#include <assay.h>
*/
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"
)

// Status says what a failed call came to.
type Status int32

// The statuses of assay.h.
const (
	Shape       Status = C.ASSAY_ERROR_SHAPE
	Unavailable Status = C.ASSAY_ERROR_UNAVAILABLE
	Mismatch    Status = C.ASSAY_ERROR_MISMATCH
	Input       Status = C.ASSAY_ERROR_INPUT
	Usage       Status = C.ASSAY_ERROR_USAGE
	Forked      Status = C.ASSAY_ERROR_FORKED
	Cancelled   Status = C.ASSAY_ERROR_CANCELLED
	Deadline    Status = C.ASSAY_ERROR_DEADLINE
)

// Accepted is the verdict of an accepted row.
const Accepted = byte(C.ASSAY_VERDICT_ACCEPTED)

// Error is why a call failed.
type Error struct {
	Status  Status
	Message string
}

func (e *Error) Error() string { return e.Message }

func failure(status C.int32_t, err *C.assay_error) error {
	if status == C.ASSAY_OK {
		return nil
	}
	message := C.GoString(C.assay_error_message(err))
	C.assay_error_release(err)
	return &Error{Status(status), message}
}

// Version returns the version of the library.
func Version() string { return C.GoString(C.assay_version()) }

// Reason returns the name of the reason that a verdict stands for; "" for an accepted row.
func Reason(verdict byte) string { return C.GoString(C.assay_reason_name(C.uint8_t(verdict))) }

// Engine is every backend of this build behind one dispatcher.
type Engine struct{ handle *C.assay_engine }

// NewEngine makes an engine. backend is "" for the host's processors; threads is 0 for one per processor.
func NewEngine(backend string, threads int) (*Engine, error) {
	options := C.assay_options{size: C.size_t(unsafe.Sizeof(C.assay_options{})), threads: C.int32_t(threads)}
	if backend != "" {
		options.backend = C.CString(backend)
		defer C.free(unsafe.Pointer(options.backend))
	}
	engine := &Engine{}
	var err *C.assay_error
	status := C.assay_engine_create(&options, &engine.handle, &err)
	if failed := failure(status, err); failed != nil {
		return nil, failed
	}
	runtime.SetFinalizer(engine, (*Engine).Close)
	return engine, nil
}

// Close releases the engine. Later calls fail.
func (e *Engine) Close() {
	C.assay_engine_release(e.handle)
	e.handle = nil
	runtime.SetFinalizer(e, nil)
}

// Column is one input: dense values, or messages with len(rows)+1 Offsets.
type Column struct {
	Data    []byte
	Offsets []int64
}

// Execute computes every row of a batch of any operation and returns the outputs by name.
// wanted names the optional outputs to compute; names lists all outputs to return.
func (e *Engine) Execute(operation string, rows int, inputs []Column, wanted []string, names ...string) (map[string][]byte, error) {
	name := C.CString(operation)
	defer C.free(unsafe.Pointer(name))
	// cgo forbids Go pointers within Go memory that C sees: the views lie in C memory, over pinned copies of C's own.
	views := (*[1 << 20]C.assay_view)(C.calloc(C.size_t(len(inputs)+1), C.size_t(unsafe.Sizeof(C.assay_view{}))))
	defer C.free(unsafe.Pointer(views))
	for i, input := range inputs {
		views[i].size = C.int64_t(len(input.Data))
		views[i].data = C.CBytes(input.Data)
		defer C.free(unsafe.Pointer(views[i].data))
		if input.Offsets != nil {
			if len(input.Offsets) != rows+1 {
				return nil, &Error{Shape, fmt.Sprintf("column %d has %d offsets where %d are needed", i, len(input.Offsets), rows+1)}
			}
			bytes := unsafe.Slice((*byte)(unsafe.Pointer(&input.Offsets[0])), 8*len(input.Offsets))
			views[i].offsets = (*C.int64_t)(C.CBytes(bytes))
			defer C.free(unsafe.Pointer(views[i].offsets))
		}
	}
	optional := (*[1 << 16]*C.char)(C.calloc(C.size_t(len(wanted)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(optional))
	for i, text := range wanted {
		optional[i] = C.CString(text)
		defer C.free(unsafe.Pointer(optional[i]))
	}
	var results *C.assay_results
	var err *C.assay_error
	status := C.assay_execute(e.handle, nil, name, C.int64_t(rows), &views[0], C.size_t(len(inputs)), &optional[0],
		C.size_t(len(wanted)), &results, &err)
	runtime.KeepAlive(e)
	if failed := failure(status, err); failed != nil {
		return nil, failed
	}
	defer C.assay_results_release(results)
	outputs := map[string][]byte{}
	for _, output := range names {
		text := C.CString(output)
		var size C.size_t
		data := C.assay_results_column(results, text, &size)
		C.free(unsafe.Pointer(text))
		outputs[output] = C.GoBytes(data, C.int(size))
	}
	return outputs, nil
}

// Book is a book of options under one model, as columns of equal length.
type Book struct {
	// Model is "" for "black-scholes"; `assay measures` prints the others.
	Model string
	// Type holds 0 for a call and 1 for a put.
	Type []byte
	// Underlying holds spots, or forwards for models on forwards. Rate and DividendYield may be nil for 0.
	Underlying, Strike, Years, Rate, DividendYield, Volatility []float64
}

// Price computes measures of a book: a column per measure, and a verdict per row.
func (e *Engine) Price(book Book, measures ...string) ([][]float64, []byte, error) {
	rows := len(book.Type)
	var c C.assay_book
	c.size = C.size_t(unsafe.Sizeof(c))
	c.rows = C.int64_t(rows)
	if book.Model != "" {
		c.model = C.CString(book.Model)
		defer C.free(unsafe.Pointer(c.model))
	}
	c._type = (*C.uint8_t)(C.CBytes(book.Type))
	defer C.free(unsafe.Pointer(c._type))
	columns := []struct {
		values []float64
		place  **C.double
		name   string
	}{
		{book.Underlying, &c.underlying, "Underlying"}, {book.Strike, &c.strike, "Strike"}, {book.Years, &c.years, "Years"},
		{book.Rate, &c.rate, "Rate"}, {book.DividendYield, &c.dividend_yield, "DividendYield"},
		{book.Volatility, &c.volatility, "Volatility"},
	}
	for _, column := range columns {
		if column.values == nil {
			continue
		}
		if len(column.values) != rows {
			return nil, nil, &Error{Shape, fmt.Sprintf("%s has %d values and Type has %d", column.name, len(column.values), rows)}
		}
		*column.place = (*C.double)(C.malloc(C.size_t(8*rows + 8)))
		defer C.free(unsafe.Pointer(*column.place))
		copy(unsafe.Slice((*float64)(unsafe.Pointer(*column.place)), rows), column.values)
	}
	names := (*[1 << 16]*C.char)(C.calloc(C.size_t(len(measures)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(names))
	targets := (*[1 << 16]*C.double)(C.calloc(C.size_t(len(measures)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(targets))
	for i, measure := range measures {
		names[i] = C.CString(measure)
		defer C.free(unsafe.Pointer(names[i]))
		targets[i] = (*C.double)(C.malloc(C.size_t(8*rows + 8)))
		defer C.free(unsafe.Pointer(targets[i]))
	}
	verdicts := make([]byte, rows+1)
	var err *C.assay_error
	status := C.assay_price(e.handle, nil, &c, &names[0], C.size_t(len(measures)), &targets[0],
		(*C.uint8_t)(unsafe.Pointer(&verdicts[0])), &err)
	runtime.KeepAlive(e)
	if failed := failure(status, err); failed != nil {
		return nil, nil, failed
	}
	out := make([][]float64, len(measures))
	for i := range measures {
		out[i] = make([]float64, rows)
		copy(out[i], unsafe.Slice((*float64)(unsafe.Pointer(targets[i])), rows))
	}
	return out, verdicts[:rows], nil
}

// VerifyRows verifies JSON Lines rows and returns the lines that `assay verify` writes.
func (e *Engine) VerifyRows(rows []byte) ([]byte, error) {
	var text *C.assay_text
	var err *C.assay_error
	var first *C.char
	if len(rows) > 0 {
		first = (*C.char)(unsafe.Pointer(&rows[0]))
	}
	status := C.assay_verify_rows(e.handle, nil, first, C.size_t(len(rows)), &text, &err)
	runtime.KeepAlive(e)
	if failed := failure(status, err); failed != nil {
		return nil, failed
	}
	defer C.assay_text_release(text)
	return C.GoBytes(unsafe.Pointer(C.assay_text_data(text)), C.int(C.assay_text_size(text))), nil
}
