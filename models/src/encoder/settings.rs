//! A JSON file of settings, read so that none of them is passed over unnoticed.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::LoadError;
use crate::folder::Folder;

/// The settings of one file that have not been looked at yet. Each reader takes the settings it honours and drops by
/// name those that cannot change an embedding; [`Settings::finish`] refuses what is left.
#[derive(Clone)]
pub(crate) struct Settings {
    file: String,
    values: Map<String, Value>,
}

impl Settings {
    /// The settings in `file`, a JSON object. A setting that is null counts as not set.
    pub(crate) fn read(folder: &Folder, file: &str) -> Result<Self, LoadError> {
        let path = format!("{folder}/{file}");
        let read = serde_json::from_slice(&folder.read(file)?);
        let mut values: Map<String, Value> = read.map_err(|source| LoadError::Json { file: path.clone(), source })?;
        values.retain(|_, value| !value.is_null());
        Ok(Self { file: path, values })
    }

    /// As `read`, but a file that is not there sets nothing.
    pub(crate) fn read_if_there(folder: &Folder, file: &str) -> Result<Self, LoadError> {
        if folder.has(file) {
            return Self::read(folder, file);
        }
        Ok(Self { file: format!("{folder}/{file}"), values: Map::new() })
    }

    /// Whether a setting is set and has not been taken or dropped.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value of a setting, where it is set.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str, expected: &str) -> Result<Option<T>, LoadError> {
        let Some(value) = self.values.remove(name) else { return Ok(None) };
        let found = value.to_string();
        serde_json::from_value(value).map(Some).map_err(|_| self.refusal(name, &found, expected))
    }

    /// The settings as a type that knows their names; what it knows counts as taken.
    #[cfg(feature = "rust-bert")]
    pub(crate) fn take_all<T: DeserializeOwned + serde::Serialize>(&mut self) -> Result<T, LoadError> {
        let json = |source| LoadError::Json { file: self.file.clone(), source };
        let known: T = serde_json::from_value(Value::Object(self.values.clone())).map_err(json)?;
        if let Value::Object(names) = serde_json::to_value(&known).map_err(json)? {
            self.values.retain(|name, _| !names.contains_key(name));
        }
        Ok(known)
    }

    /// Sets what the file leaves out.
    #[cfg(feature = "rust-bert")]
    pub(crate) fn set_default(&mut self, name: &str, value: Value) {
        self.values.entry(name).or_insert(value);
    }

    /// The value of a setting that must be a whole number above zero.
    pub(crate) fn size(&mut self, name: &str) -> Result<usize, LoadError> {
        let expected = "a whole number above 0";
        match self.take::<usize>(name, expected)? {
            Some(0) => Err(self.refusal(name, &0, expected)),
            Some(size) => Ok(size),
            None => Err(self.refusal(name, &"not set", expected)),
        }
    }

    /// Refuses a setting that has any other value than `only`; not set at all will do.
    pub(crate) fn only(&mut self, name: &str, only: &Value) -> Result<(), LoadError> {
        match self.values.remove(name) {
            Some(value) if value != *only => Err(self.refusal(name, &value, &only.to_string())),
            _ => Ok(()),
        }
    }

    /// Drops settings that cannot change an embedding.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.values.remove(*name);
        }
    }

    /// Refuses the first setting that nobody has taken or dropped.
    pub(crate) fn finish(self) -> Result<(), LoadError> {
        match self.values.iter().next() {
            Some((name, value)) => {
                Err(self.refusal(name, value, "no such setting; remove it if it has no part in the embeddings"))
            }
            None => Ok(()),
        }
    }

    /// The error for a setting found at a value that is not honoured.
    pub(crate) fn refusal(&self, name: &str, found: &dyn Display, expected: &str) -> LoadError {
        LoadError::Setting {
            file: self.file.clone(),
            setting: name.to_owned(),
            found: found.to_string(),
            expected: expected.to_owned(),
        }
    }
}
