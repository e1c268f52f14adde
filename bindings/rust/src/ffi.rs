//! The functions of assay.h that this crate calls.
use std::os::raw::{c_char, c_void};

macro_rules! opaque {
    ($($name:ident)*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}
opaque!(assay_engine assay_results assay_text assay_error assay_cancel);

#[repr(C)]
pub struct assay_options {
    pub size: usize,
    pub threads: i32,
    pub backend: *const c_char,
    pub strict: i32,
}

#[repr(C)]
pub struct assay_call {
    pub size: usize,
    pub deadline_ns: i64,
    pub cancel: *mut assay_cancel,
}

#[repr(C)]
pub struct assay_view {
    pub data: *const c_void,
    pub size: i64,
    pub offsets: *const i64,
}

#[repr(C)]
pub struct assay_book {
    pub size: usize,
    pub rows: i64,
    pub model: *const c_char,
    pub kind: *const u8,
    pub underlying: *const f64,
    pub strike: *const f64,
    pub years: *const f64,
    pub rate: *const f64,
    pub dividend_yield: *const f64,
    pub volatility: *const f64,
    pub price: *const f64,
}

extern "C" {
    pub fn assay_version() -> *const c_char;
    pub fn assay_error_message(error: *const assay_error) -> *const c_char;
    pub fn assay_error_release(error: *mut assay_error);
    pub fn assay_reason_name(verdict: u8) -> *const c_char;
    pub fn assay_engine_create(
        options: *const assay_options, engine: *mut *mut assay_engine, error: *mut *mut assay_error,
    ) -> i32;
    pub fn assay_engine_release(engine: *mut assay_engine);
    pub fn assay_execute(
        engine: *mut assay_engine, call: *const assay_call, operation: *const c_char, rows: i64,
        inputs: *const assay_view, input_count: usize, wanted: *const *const c_char, wanted_count: usize,
        results: *mut *mut assay_results, error: *mut *mut assay_error,
    ) -> i32;
    pub fn assay_results_rows(results: *const assay_results) -> i64;
    pub fn assay_results_accepted(results: *const assay_results) -> i64;
    pub fn assay_results_column(results: *const assay_results, name: *const c_char, bytes: *mut usize) -> *const c_void;
    pub fn assay_results_release(results: *mut assay_results);
    pub fn assay_price(
        engine: *mut assay_engine, call: *const assay_call, book: *const assay_book, measures: *const *const c_char,
        count: usize, out: *const *mut f64, verdicts: *mut u8, error: *mut *mut assay_error,
    ) -> i32;
    pub fn assay_verify_rows(
        engine: *mut assay_engine, call: *const assay_call, rows: *const c_char, size: usize,
        verdicts: *mut *mut assay_text, error: *mut *mut assay_error,
    ) -> i32;
    pub fn assay_text_data(text: *const assay_text) -> *const c_char;
    pub fn assay_text_size(text: *const assay_text) -> usize;
    pub fn assay_text_release(text: *mut assay_text);
}
