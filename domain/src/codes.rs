//! Closed code lists: stable `snake_case` values with English labels, one declaration each.
//!
//! A list declared with [`codes!`](crate::codes) is at once the Rust type, the values on the wire and in the
//! database, the entry under `/v1/code-lists` and the enumeration in the contract.

/// A closed list of codes.
pub trait CodeList: Copy + Eq + std::fmt::Debug + Send + Sync + 'static {
    /// The list's name under `/v1/code-lists`.
    const NAME: &'static str;
    /// Every value, in the order in which people expect them.
    const ALL: &'static [Self];
    /// What the list is for.
    const ABOUT: &'static str;
    /// The stable value on the wire and in the database.
    fn code(self) -> &'static str;
    /// The English label.
    fn label(self) -> &'static str;
    /// The value with this code, if the list has it.
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.code() == code)
    }
}

/// Declares a closed code list: `codes! { /// What it is. pub enum Urgency = "urgency" { Urgent = "urgent": "Label" } }`.
#[macro_export]
macro_rules! codes {
    ($(#[doc = $about:literal])+ pub enum $name:ident = $list:literal { $($variant:ident = $code:literal : $label:literal),+ $(,)? }) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $label] $variant),+ }

        impl $crate::codes::CodeList for $name {
            const NAME: &'static str = $list;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const ABOUT: &'static str = concat!($($about),+);
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::codes::CodeList::code(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::codes::deserialize(from)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::codes::CodeList::code(*self))
            }
        }

        $crate::codes_schema!($name);
    };
}

/// The schema of a declared list, where the contract is built.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! codes_schema {
    ($name:ident) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::schema::codes::<$name>()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}

/// Without the contract there is none.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! codes_schema {
    ($name:ident) => {};
}

/// Reads a code; an unknown one is refused without repeating it.
pub fn deserialize<'de, D: serde::Deserializer<'de>, C: CodeList>(from: D) -> Result<C, D::Error> {
    struct Reader<C>(std::marker::PhantomData<C>);
    impl<C: CodeList> serde::de::Visitor<'_> for Reader<C> {
        type Value = C;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "a code of the list {}", C::NAME)
        }
        fn visit_str<E: serde::de::Error>(self, code: &str) -> Result<C, E> {
            C::parse(code).ok_or_else(|| E::custom(format_args!("not a code of the list {}", C::NAME)))
        }
    }
    from.deserialize_str(Reader(std::marker::PhantomData))
}

/// A code list as data, for `/v1/code-lists` and the documents.
#[derive(Clone, Copy, Debug)]
pub struct CodeListTable {
    /// The list's name.
    pub name: &'static str,
    /// What the list is for.
    pub about: &'static str,
    /// Code and English label of each value, in order.
    pub entries: fn() -> Vec<(&'static str, &'static str)>,
}

/// The table of one declared list.
pub const fn table<C: CodeList>() -> CodeListTable {
    CodeListTable {
        name: C::NAME,
        about: C::ABOUT,
        entries: || C::ALL.iter().map(|it| (it.code(), it.label())).collect(),
    }
}
