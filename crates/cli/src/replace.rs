//! A file gets other bytes, or keeps those that it has: never half of them.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process;

/// Puts bytes in the place of those of a file, or into a new file. A link goes on pointing to the file, and the file
/// keeps its permissions.
pub(crate) fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let (target, permissions) = match fs::canonicalize(path) {
        Ok(target) => {
            let permissions = fs::metadata(&target)?.permissions();
            (target, Some(permissions))
        }
        Err(absent) if absent.kind() == ErrorKind::NotFound => (path.to_owned(), None),
        Err(unread) => return Err(unread),
    };
    if permissions.as_ref().is_some_and(Permissions::readonly) {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only"));
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", process::id()));
    let file = File::options().write(true).create_new(true).open(&temporary)?;
    let replaced = fill(file, bytes.as_ref(), permissions).and_then(|()| fs::rename(&temporary, &target));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary); // the first error is the one to tell
    }
    replaced
}

fn fill(mut file: File, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))?;
    file.write_all(bytes)?;
    file.sync_all()
}
