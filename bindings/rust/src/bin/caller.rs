//! A Rust caller of libassay: see bindings/README.md for its arguments.
use assay::{Book, Column, Engine, Status};
use std::error::Error;
use std::io::Write;
use std::path::Path;

fn numbers(path: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    Ok(std::fs::read(path)?.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap_or_default())).collect())
}

fn store(path: &Path, values: &[f64]) -> std::io::Result<()> {
    std::fs::write(path, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

fn price(folder: &Path) -> Result<(), Box<dyn Error>> {
    let column = |name: &str| numbers(&folder.join(name));
    let (kind, rate, dividend_yield) = (std::fs::read(folder.join("type"))?, column("rate")?, column("dividendYield")?);
    let book = Book {
        model: None,
        kind: &kind,
        underlying: &column("spot")?,
        strike: &column("strike")?,
        years: &column("years")?,
        rate: Some(&rate),
        dividend_yield: Some(&dividend_yield),
        volatility: &column("volatility")?,
    };
    let (out, verdicts) = Engine::new(None, 0)?.price(&book, &["price", "delta"])?;
    store(&folder.join("out.price"), &out[0])?;
    store(&folder.join("out.delta"), &out[1])?;
    std::fs::write(folder.join("out.verdict"), verdicts)?;
    Ok(())
}

fn check() -> Result<(), Box<dyn Error>> {
    let engine = Engine::new(None, 0)?;
    match engine.execute("no_such", 1, &[], &[]) {
        Err(error) if error.status == Status::Usage => {}
        _ => return Err("an unknown operation is not refused".into()),
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|_| scope.spawn(|| engine.execute("sha256_pair", 1, &[Column::Dense(&[0; 64])], &[]).map(|r| r.accepted())))
            .collect();
        for thread in threads {
            if thread.join().map_err(|_| "a thread panicked")?? != 1 {
                return Err("a row was not accepted".into());
            }
        }
        Ok(())
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["price", folder] => price(Path::new(folder)),
        ["verify", file] => {
            Ok(std::io::stdout().write_all(&Engine::new(None, 0)?.verify_rows(&std::fs::read(file)?)?)?)
        }
        ["check"] => check(),
        _ => Err("usage: caller price FOLDER | verify FILE | check".into()),
    }
}
