//! Schemas of the shared scalars in the contract.

use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, SchemaFormat, Type},
};

use crate::codes::CodeList;

/// A string that matches a pattern, with an example.
pub fn text(
    about: &str,
    format: Option<&str>,
    pattern: &str,
    longest: usize,
    example: &str,
) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .format(format.map(|name| SchemaFormat::Custom(name.to_owned())))
        .pattern(Some(pattern))
        .max_length(Some(longest))
        .examples([example])
        .into()
}

/// A closed list of codes.
pub fn codes<C: CodeList>() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(format!("{} Closed list: `/v1/code-lists/{}`.", C::ABOUT.trim(), C::NAME)))
        .enum_values(Some(C::ALL.iter().map(|it| it.code())))
        .into()
}

/// Free text of bounded length.
pub fn words(about: &str, pattern: &str, longest: usize) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .pattern(Some(pattern))
        .min_length(Some(1))
        .max_length(Some(longest))
        .into()
}
