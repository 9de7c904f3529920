//! Where tools are installed, and where what is built with them is kept.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ToolError;

/// The folder for tools: `TERN_TOOLS` if it is set, otherwise `.tern/` at the root of the checkout that this program is in or
/// was built from, otherwise `tern` in the user's folder for data (`XDG_DATA_HOME`, `~/.local/share`).
pub fn tools_folder() -> PathBuf {
    match std::env::var_os("TERN_TOOLS") {
        Some(folder) if !folder.is_empty() => {
            std::path::absolute(&folder).unwrap_or(PathBuf::from(folder))
        }
        _ => match checkout() {
            Some(root) => root.join(".tern"),
            None => user_folder("XDG_DATA_HOME", ".local/share").unwrap_or(".tern".into()),
        },
    }
}

/// The root of Tern's sources, where the program is still among them.
fn checkout() -> Option<PathBuf> {
    let is_root = |folder: &&Path| folder.join("sim/eda-requirements.txt").is_file();
    let program = std::env::current_exe().ok()?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let mut folders = program.ancestors().chain(built);
    folders.find(is_root).map(Path::to_owned)
}

/// The folder for what is built with the tools: the tools' own where this user may write there, otherwise `tern` in the user's
/// folder for caches (`XDG_CACHE_HOME`, `~/.cache`), otherwise a private one among the temporary files.
///
/// # Errors
/// When none of them can be written.
pub fn cache_folder() -> Result<PathBuf, ToolError> {
    let tools = tools_folder();
    let own = user_folder("XDG_CACHE_HOME", ".cache");
    let folders = [Some(tools.clone()), own].into_iter().flatten();
    match first_writable(folders) {
        Some(folder) => Ok(folder),
        None => private_folder().map_err(|error| {
            ToolError::new(format!(
                "{} cannot be written, nor can a folder for caches ({error}): XDG_CACHE_HOME names another",
                tools.display()
            ))
        }),
    }
}

/// `tern` in the folder that `variable` names, or in `default` below the user's home.
fn user_folder(variable: &str, default: &str) -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = named(variable).map(PathBuf::from);
    let folder = folder.or_else(|| named("HOME").map(|home| Path::new(&home).join(default)))?;
    folder.is_absolute().then(|| folder.join("tern"))
}

fn first_writable(mut folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders.find(|folder| is_writable(folder))
}

/// Whether files can be made in a folder, which is made if it is missing.
pub(super) fn is_writable(folder: &Path) -> bool {
    fs::create_dir_all(folder).is_ok() && tempfile::tempfile_in(folder).is_ok()
}

/// A folder among the temporary files that belongs to this user alone.
#[cfg(unix)]
fn private_folder() -> std::io::Result<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let own = tempfile::tempfile()?.metadata()?.uid();
    let folder = std::env::temp_dir().join(format!("tern-cache-{own}"));
    if let Err(error) = fs::DirBuilder::new().mode(0o700).create(&folder)
        && error.kind() != std::io::ErrorKind::AlreadyExists
    {
        return Err(error);
    }
    // Somebody else could have made it, with libraries in it that would be loaded.
    let there = fs::symlink_metadata(&folder)?;
    match there.is_dir() && there.uid() == own && there.mode() & 0o022 == 0 {
        true => Ok(folder),
        false => Err(std::io::Error::other(format!(
            "{} is another user's",
            folder.display()
        ))),
    }
}

/// A folder among the temporary files.
#[cfg(not(unix))]
fn private_folder() -> std::io::Result<PathBuf> {
    let folder = std::env::temp_dir().join("tern-cache");
    fs::create_dir_all(&folder).map(|()| folder)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::{first_writable, private_folder};

    #[test]
    fn a_folder_that_cannot_be_written_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("cache/tern");
        // Nobody makes folders there, not even root.
        let tools = "/proc/self/tools".into();
        let found = first_writable([tools, own.clone()].into_iter());
        assert_eq!(found, Some(own));
    }

    #[test]
    fn the_folder_among_the_temporary_files_is_this_users_alone() {
        let folder = private_folder().expect("a folder");
        let there = std::fs::metadata(&folder).expect("it was made");
        assert_eq!(there.mode() & 0o077, 0);
        assert_eq!(private_folder().expect("the same one"), folder);
    }
}
