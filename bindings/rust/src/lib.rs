//! Assay checks signatures and proofs and prices options in batches, with the same bits on every machine.
//!
//! The crate has no dependencies; it links libassay (`make library` of the repository builds it).
//! Memory that is passed in is borrowed for the call alone. An [`Engine`] may be shared by threads.

#[allow(non_camel_case_types, dead_code)]
mod ffi;

use std::ffi::{CStr, CString};
use std::os::raw::c_char;
use std::ptr::{null, null_mut};

/// The verdict of an accepted row.
pub const ACCEPTED: u8 = 0xA5;

/// What a failed call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Columns do not fit the operation.
    Shape,
    /// A named backend or device is not there.
    Unavailable,
    /// Results or digests that must agree do not.
    Mismatch,
    /// Input cannot be read, or is not in the format.
    Input,
    /// An argument is outside of what the call takes.
    Usage,
    /// The engine was made by another process.
    Forked,
    /// The call was cancelled.
    Cancelled,
    /// The deadline passed.
    Deadline,
    /// A status of a later version.
    Other(i32),
}

/// Why a call failed.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind of failure it is.
    pub status: Status,
    /// What is wrong, why, and what to do next.
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

fn check(status: i32, error: *mut ffi::assay_error) -> Result<(), Error> {
    if status == 0 {
        return Ok(());
    }
    // SAFETY: a failed call gave this error to us; its message lives until the release.
    let message = unsafe {
        let message = text(ffi::assay_error_message(error));
        ffi::assay_error_release(error);
        message
    };
    let status = match status {
        1 => Status::Shape,
        2 => Status::Unavailable,
        3 => Status::Mismatch,
        4 => Status::Input,
        5 => Status::Usage,
        6 => Status::Forked,
        7 => Status::Cancelled,
        8 => Status::Deadline,
        other => Status::Other(other),
    };
    Err(Error { status, message })
}

/// # Safety
/// `pointer` is NULL or a zero-terminated text.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        String::new()
    } else {
        CStr::from_ptr(pointer).to_string_lossy().into_owned()
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error { status: Status::Usage, message: message.into() }
}

fn c_text(value: &str) -> Result<CString, Error> {
    CString::new(value).map_err(|_| refused(format!("{value:?} holds a zero byte")))
}

/// The version of the library.
pub fn version() -> String {
    // SAFETY: the text is static.
    unsafe { text(ffi::assay_version()) }
}

/// The name of the reason that a verdict stands for; `None` for an accepted row.
pub fn reason(verdict: u8) -> Option<String> {
    // SAFETY: the text is static or NULL.
    let name = unsafe { ffi::assay_reason_name(verdict) };
    if name.is_null() {
        None
    } else {
        // SAFETY: as above.
        Some(unsafe { text(name) })
    }
}

/// One input of an operation.
#[derive(Clone, Copy)]
pub enum Column<'a> {
    /// Dense values of a fixed width.
    Dense(&'a [u8]),
    /// Messages: bytes, and rows + 1 offsets into them.
    Messages(&'a [u8], &'a [i64]),
}

/// A book of options under one model, as columns of equal length.
#[derive(Clone, Copy, Default)]
pub struct Book<'a> {
    /// `None` for `black-scholes`; `assay measures` prints the others.
    pub model: Option<&'a str>,
    /// 0 for a call, 1 for a put.
    pub kind: &'a [u8],
    /// Spots, or forwards for models on forwards.
    pub underlying: &'a [f64],
    /// Strikes.
    pub strike: &'a [f64],
    /// Years to expiry, ACT/365.
    pub years: &'a [f64],
    /// Annual, continuous; `None` for 0.
    pub rate: Option<&'a [f64]>,
    /// Annual, continuous; `None` for 0.
    pub dividend_yield: Option<&'a [f64]>,
    /// Annual, 0.2 for 20%.
    pub volatility: &'a [f64],
}

/// Every backend of this build behind one dispatcher.
pub struct Engine {
    handle: *mut ffi::assay_engine,
}

// SAFETY: assay.h says that one engine may be used from several threads at once.
unsafe impl Send for Engine {}
// SAFETY: as above.
unsafe impl Sync for Engine {}

impl Engine {
    /// An engine over `backend`, or over the host's processors; `threads` is 0 for one per processor.
    pub fn new(backend: Option<&str>, threads: i32) -> Result<Self, Error> {
        let backend = backend.map(c_text).transpose()?;
        let options = ffi::assay_options {
            size: std::mem::size_of::<ffi::assay_options>(),
            threads,
            backend: backend.as_ref().map_or(null(), |name| name.as_ptr()),
            strict: 0,
        };
        let (mut handle, mut error) = (null_mut(), null_mut());
        // SAFETY: all pointers are valid for the call.
        check(unsafe { ffi::assay_engine_create(&options, &mut handle, &mut error) }, error)?;
        Ok(Engine { handle })
    }

    /// Computes every row of a batch of any operation; `wanted` names the optional outputs to compute.
    pub fn execute(
        &self, operation: &str, rows: usize, inputs: &[Column<'_>], wanted: &[&str],
    ) -> Result<Results, Error> {
        let operation = c_text(operation)?;
        let mut views = Vec::with_capacity(inputs.len());
        for input in inputs {
            let (bytes, offsets) = match *input {
                Column::Dense(bytes) => (bytes, null()),
                Column::Messages(_, offsets) if offsets.len() != rows + 1 => {
                    return Err(refused(format!("{} offsets where {} are needed", offsets.len(), rows + 1)));
                }
                Column::Messages(bytes, offsets) => (bytes, offsets.as_ptr()),
            };
            views.push(ffi::assay_view { data: bytes.as_ptr().cast(), size: bytes.len() as i64, offsets });
        }
        let wanted = wanted.iter().map(|name| c_text(name)).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<_> = wanted.iter().map(|name| name.as_ptr()).collect();
        let (mut results, mut error) = (null_mut(), null_mut());
        // SAFETY: the views and names live past the call; the library checks sizes against rows.
        let status = unsafe {
            ffi::assay_execute(
                self.handle, null(), operation.as_ptr(), rows as i64, views.as_ptr(), views.len(), names.as_ptr(),
                names.len(), &mut results, &mut error,
            )
        };
        check(status, error)?;
        Ok(Results { handle: results })
    }

    /// Prices a book: a column per measure, and a verdict per row.
    pub fn price(&self, book: &Book<'_>, measures: &[&str]) -> Result<(Vec<Vec<f64>>, Vec<u8>), Error> {
        let rows = book.kind.len();
        let pointer = |values: &[f64], name: &str| {
            if values.len() == rows {
                Ok(values.as_ptr())
            } else {
                Err(refused(format!("{name} has {} values and kind has {rows}", values.len())))
            }
        };
        let optional = |values: Option<&[f64]>, name: &str| values.map_or(Ok(null()), |values| pointer(values, name));
        let model = book.model.map(c_text).transpose()?;
        let raw = ffi::assay_book {
            size: std::mem::size_of::<ffi::assay_book>(),
            rows: rows as i64,
            model: model.as_ref().map_or(null(), |name| name.as_ptr()),
            kind: book.kind.as_ptr(),
            underlying: pointer(book.underlying, "underlying")?,
            strike: pointer(book.strike, "strike")?,
            years: pointer(book.years, "years")?,
            rate: optional(book.rate, "rate")?,
            dividend_yield: optional(book.dividend_yield, "dividend_yield")?,
            volatility: pointer(book.volatility, "volatility")?,
            price: null(),
        };
        let measures = measures.iter().map(|name| c_text(name)).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<_> = measures.iter().map(|name| name.as_ptr()).collect();
        let mut out = vec![vec![0.0; rows]; names.len()];
        let targets: Vec<_> = out.iter_mut().map(|column| column.as_mut_ptr()).collect();
        let mut verdicts = vec![0; rows];
        let mut error = null_mut();
        // SAFETY: every column was checked to hold `rows` values.
        let status = unsafe {
            ffi::assay_price(
                self.handle, null(), &raw, names.as_ptr(), names.len(), targets.as_ptr(), verdicts.as_mut_ptr(), &mut error,
            )
        };
        check(status, error)?;
        Ok((out, verdicts))
    }

    /// Verifies JSON Lines rows: the lines that `assay verify` writes.
    pub fn verify_rows(&self, rows: &[u8]) -> Result<Vec<u8>, Error> {
        let (mut lines, mut error) = (null_mut(), null_mut());
        // SAFETY: the rows live past the call; the text is copied before it is released.
        unsafe {
            let status =
                ffi::assay_verify_rows(self.handle, null(), rows.as_ptr().cast(), rows.len(), &mut lines, &mut error);
            check(status, error)?;
            let bytes = std::slice::from_raw_parts(ffi::assay_text_data(lines).cast(), ffi::assay_text_size(lines)).to_vec();
            ffi::assay_text_release(lines);
            Ok(bytes)
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and released once.
        unsafe { ffi::assay_engine_release(self.handle) }
    }
}

/// The outputs of one call.
pub struct Results {
    handle: *mut ffi::assay_results,
}

// SAFETY: results are immutable.
unsafe impl Send for Results {}
// SAFETY: as above.
unsafe impl Sync for Results {}

impl Results {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        // SAFETY: the handle is valid until drop.
        unsafe { ffi::assay_results_rows(self.handle) as usize }
    }

    /// How many rows were accepted.
    pub fn accepted(&self) -> usize {
        // SAFETY: the handle is valid until drop.
        unsafe { ffi::assay_results_accepted(self.handle) as usize }
    }

    /// The bytes of an output; `None` when it was not asked for.
    pub fn column(&self, name: &str) -> Option<&[u8]> {
        let name = c_text(name).ok()?;
        let mut size = 0;
        // SAFETY: the memory lives as long as the results, which the slice borrows.
        unsafe {
            let data = ffi::assay_results_column(self.handle, name.as_ptr(), &mut size);
            (!data.is_null()).then(|| std::slice::from_raw_parts(data.cast(), size))
        }
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and released once.
        unsafe { ffi::assay_results_release(self.handle) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_hashes() {
        let results = Engine::new(None, 1).unwrap().execute("sha256_pair", 1, &[Column::Dense(&[0; 64])], &[]).unwrap();
        assert_eq!((results.rows(), results.accepted()), (1, 1));
        assert_eq!(results.column("digest").unwrap()[..4], [0xf5, 0xa5, 0xfd, 0x42]);
        assert!(results.column("colour").is_none());
    }

    #[test]
    fn errors_have_statuses_and_words() {
        let engine = Engine::new(None, 1).unwrap();
        let status = |result: Result<Results, Error>| result.err().map(|error| (error.status, error.message.len() > 10));
        assert_eq!(status(engine.execute("no_such", 1, &[], &[])), Some((Status::Usage, true)));
        assert_eq!(status(engine.execute("sha256_pair", 2, &[Column::Dense(&[0; 64])], &[])), Some((Status::Shape, true)));
        assert_eq!(Engine::new(Some("abacus"), 0).err().map(|error| error.status), Some(Status::Unavailable));
        assert!(reason(ACCEPTED).is_none());
    }
}
