//! Replaces the bytes of a file as a whole: if anything fails, the file keeps the bytes that it had.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process;

/// Replaces the bytes of a file, or creates it. A symbolic link stays a link, and the file keeps its permissions.
///
/// The bytes go into a temporary file in the same folder, which is then renamed: a rename is atomic.
pub(crate) fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let (target, permissions) = match fs::canonicalize(path) {
        Ok(target) => {
            let permissions = fs::metadata(&target)?.permissions();
            (target, Some(permissions))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => (path.to_owned(), None),
        Err(error) => return Err(error),
    };
    if permissions.as_ref().is_some_and(Permissions::readonly) {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only"));
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", process::id()));
    let file = File::options().write(true).create_new(true).open(&temporary)?;
    let replaced =
        write_all(file, bytes.as_ref(), permissions).and_then(|()| fs::rename(&temporary, &target));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary); // the error of the replacement is the one to report
    }
    replaced
}

fn write_all(mut file: File, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
    file.write_all(bytes)?;
    file.sync_all()
}
