//! From text columns to the domain's closed lists and back; values that are only carried, as JSON.

use domain::{CodeList, Reference, text::Country};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::StoreError;

pub(crate) fn code<C: CodeList>(table: &'static str, text: &str) -> Result<C, StoreError> {
    C::parse(text).ok_or(StoreError::corrupt(table, "a code that the list does not have"))
}

pub(crate) fn codes<C: CodeList>(table: &'static str, texts: &[String]) -> Result<Vec<C>, StoreError> {
    texts.iter().map(|it| code(table, it)).collect()
}

pub(crate) fn text<C: CodeList>(code: C) -> &'static str {
    code.code()
}

pub(crate) fn texts<C: CodeList>(codes: &[C]) -> Vec<&'static str> {
    codes.iter().map(|it| it.code()).collect()
}

pub(crate) fn country(table: &'static str, text: &str) -> Result<Country, StoreError> {
    Country::parse(text).ok_or(StoreError::corrupt(table, "not a country"))
}

pub(crate) fn reference(table: &'static str, text: &str) -> Result<Reference, StoreError> {
    Reference::parse(text).ok_or(StoreError::corrupt(table, "not a reference"))
}

pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, value: Value) -> Result<T, StoreError> {
    serde_json::from_value(value)
        .map_err(|_| StoreError::corrupt(table, "a value that this build does not read"))
}

pub(crate) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|_| StoreError::corrupt(table, "a value that cannot be written"))
}
