//! `synth`.
use anyhow::Result;
pub(crate) fn run(_set: &str, _json: bool) -> Result<()> {
    Ok(())
}
