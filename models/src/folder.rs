//! Where the files of an encoder or a bundle come from.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

/// Files compiled into the binary: name relative to the folder, with `/` between its parts, and content.
pub type CompiledFiles = &'static [(&'static str, &'static [u8])];

/// A folder of model files, on disk or compiled into the binary, read the same way.
#[derive(Clone, Debug)]
pub struct Folder(Place);

#[derive(Clone, Debug)]
enum Place {
    Disk(PathBuf),
    /// `path` is empty or ends with `/`, so that it can stand before a file's name.
    Compiled {
        files: CompiledFiles,
        path: String,
    },
    /// Another folder, of which one file has other content.
    Changed {
        folder: Box<Folder>,
        file: String,
        content: Vec<u8>,
    },
}

/// A file of a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder has no such file.
    #[error("{folder} has no file {file}: check that the folder is complete")]
    Missing {
        /// The folder, as it displays itself.
        folder: String,
        /// The file's name in it.
        file: String,
    },
    /// The folder is not there.
    #[error("{folder}: no such folder; check the spelling and the folder you are in")]
    NoFolder {
        /// The folder, as it displays itself.
        folder: String,
    },
    /// The file is there, but the system would not give its content.
    #[error("cannot read {file} in {folder}")]
    Unreadable {
        /// The folder, as it displays itself.
        folder: String,
        /// The file's name in it.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Folder {
    /// The folder at `path` on disk. Nothing is read yet, so a path that is not there shows at the first `read`.
    pub fn disk(path: impl Into<PathBuf>) -> Self {
        Self(Place::Disk(path.into()))
    }

    /// The folder of files that were compiled into the binary.
    #[must_use]
    pub fn compiled(files: CompiledFiles) -> Self {
        Self(Place::Compiled { files, path: String::new() })
    }

    /// This folder as it is, but that the file `name`, directly in it, has other content. Folders inside it are not changed.
    #[must_use]
    pub fn with(&self, name: &str, content: Vec<u8>) -> Self {
        Self(Place::Changed { folder: Box::new(self.clone()), file: name.to_owned(), content })
    }

    /// The folder `name` inside this one; the empty name is this folder itself.
    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        match &self.0 {
            _ if name.is_empty() => self.clone(),
            Place::Disk(path) => Self::disk(path.join(name)),
            Place::Compiled { files, path } => Self(Place::Compiled { files, path: format!("{path}{name}/") }),
            Place::Changed { folder, .. } => folder.at(name),
        }
    }

    /// Whether the folder has a file of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match &self.0 {
            Place::Disk(path) => path.join(name).is_file(),
            Place::Compiled { files, path } => compiled(files, path, name).is_some(),
            Place::Changed { folder, file, .. } => file == name || folder.has(name),
        }
    }

    /// The content of the file `name`; compiled-in files are lent, not copied.
    ///
    /// # Errors
    /// `Missing` where there is no such file, `NoFolder` where there is no folder, `Unreadable` where the system refuses it.
    pub fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, FolderError> {
        match &self.0 {
            Place::Disk(path) => std::fs::read(path.join(name)).map(Cow::Owned).map_err(|e| self.failed(name, e)),
            Place::Compiled { files, path } => {
                compiled(files, path, name).map(Cow::Borrowed).ok_or_else(|| self.missing(name))
            }
            Place::Changed { file, content, .. } if file == name => Ok(Cow::Borrowed(content)),
            Place::Changed { folder, .. } => folder.read(name),
        }
    }

    fn missing(&self, file: &str) -> FolderError {
        FolderError::Missing { folder: self.to_string(), file: file.to_owned() }
    }

    fn failed(&self, file: &str, source: std::io::Error) -> FolderError {
        if source.kind() == std::io::ErrorKind::NotFound {
            let gone = matches!(&self.0, Place::Disk(path) if !path.exists());
            return if gone { FolderError::NoFolder { folder: self.to_string() } } else { self.missing(file) };
        }
        FolderError::Unreadable { folder: self.to_string(), file: file.to_owned(), source }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Disk(path) => write!(f, "{}", path.display()),
            Place::Compiled { path, .. } => write!(f, "the built-in folder /{path}"),
            Place::Changed { folder, .. } => folder.fmt(f),
        }
    }
}

fn compiled(files: CompiledFiles, path: &str, name: &str) -> Option<&'static [u8]> {
    let found = files.iter().find(|(file, _)| file.strip_prefix(path) == Some(name));
    found.map(|(_, content)| *content)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILES: CompiledFiles =
        &[("scheme.toml", b"top"), ("encoder/config.json", b"{}"), ("encoder/a/b.json", b"[]")];

    fn on_disk() -> (tempfile::TempDir, Folder) {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in FILES {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let folder = Folder::disk(directory.path());
        (directory, folder)
    }

    #[test]
    fn both_kinds_of_folder_read_alike() {
        let (_directory, disk) = on_disk();
        for folder in [disk, Folder::compiled(FILES)] {
            let encoder = folder.at("encoder");
            assert_eq!(&*folder.read("scheme.toml").unwrap(), b"top", "{folder}");
            assert_eq!(&*folder.at("").read("encoder/config.json").unwrap(), b"{}", "{folder}");
            assert_eq!(&*encoder.read("config.json").unwrap(), b"{}", "{folder}");
            assert_eq!(&*encoder.at("a").read("b.json").unwrap(), b"[]", "{folder}");
            assert!(encoder.has("config.json") && !encoder.has("scheme.toml") && !folder.has("encoder"), "{folder}");
        }
    }

    #[test]
    fn one_file_can_have_other_content() {
        let (_directory, disk) = on_disk();
        for folder in [disk, Folder::compiled(FILES)] {
            let changed = folder.with("scheme.toml", b"new".to_vec()).with("more", b"added".to_vec());
            assert_eq!(&*changed.read("scheme.toml").unwrap(), b"new", "{folder}");
            assert_eq!(&*changed.at("").read("more").unwrap(), b"added", "{folder}");
            assert_eq!(&*changed.at("encoder").read("config.json").unwrap(), b"{}", "{folder}");
            assert!(changed.has("more") && !changed.at("encoder").has("more") && !folder.has("more"), "{folder}");
            assert_eq!(changed.to_string(), folder.to_string());
        }
    }

    #[test]
    fn errors_name_the_folder_and_the_file() {
        let (directory, disk) = on_disk();
        let cases = [
            (disk.at("encoder"), "gone.json", format!("{}", directory.path().join("encoder").display())),
            (Folder::compiled(FILES).at("encoder"), "gone.json", "the built-in folder /encoder/".to_owned()),
        ];
        for (folder, file, shown) in cases {
            let error = folder.read(file).unwrap_err();
            assert!(matches!(error, FolderError::Missing { .. }), "{error}");
            let message = error.to_string();
            assert!(message.contains(&shown) && message.contains(file), "{message}");
        }
        let error = disk.at("gone").read("gone.json").unwrap_err();
        assert!(
            matches!(error, FolderError::NoFolder { .. }) && error.to_string().contains("gone: no such folder"),
            "{error}"
        );
        let error = disk.read("encoder").unwrap_err();
        assert!(matches!(error, FolderError::Unreadable { .. }), "{error}");
    }
}
