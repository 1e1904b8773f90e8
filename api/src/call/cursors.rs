//! Places in lists: sealed, bound to who asked for what, and led to by `Link`.

use data_encoding::BASE64URL_NOPAD;

use super::Call;
use crate::{failure::Failure, problems};

const CURSOR_LIFE_SECONDS: i64 = 24 * 60 * 60;

impl Call {
    /// Opens a cursor of this list.
    pub fn open_cursor(&self, cursor: &str) -> Result<Vec<u8>, Failure> {
        let invalid = || Failure::new(&problems::INVALID_CURSOR);
        let sealed = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| invalid())?;
        let opened =
            self.node.store.keys().open_cursor(&sealed, &self.cursor_binding()).ok_or_else(invalid)?;
        let (made, place) = opened.split_at_checked(8).ok_or_else(invalid)?;
        let made = i64::from_be_bytes(made.try_into().map_err(|_| invalid())?);
        let age = self.now.raw().unix_timestamp() - made;
        if (0..=CURSOR_LIFE_SECONDS).contains(&age) { Ok(place.to_vec()) } else { Err(invalid()) }
    }

    /// Makes a cursor of this list.
    pub fn seal_cursor(&self, place: &[u8]) -> Option<String> {
        let mut plain = self.now.raw().unix_timestamp().to_be_bytes().to_vec();
        plain.extend_from_slice(place);
        let sealed = self.node.store.keys().seal_cursor(&plain, &self.cursor_binding())?;
        Some(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The place inside a cursor over the feed, which belongs to the reading agency and does not expire.
    pub fn feed_place(&self, cursor: Option<&str>) -> Result<i64, Failure> {
        let invalid = || Failure::new(&problems::INVALID_CURSOR);
        let Some(cursor) = cursor else { return Ok(0) };
        let sealed = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| invalid())?;
        let opened = self.node.store.keys().open_cursor(&sealed, &self.feed_binding()).ok_or_else(invalid)?;
        Ok(i64::from_be_bytes(opened.try_into().map_err(|_| invalid())?))
    }

    /// A cursor over the feed.
    pub fn feed_cursor(&self, place: i64) -> Option<String> {
        let sealed = self.node.store.keys().seal_cursor(&place.to_be_bytes(), &self.feed_binding())?;
        Some(BASE64URL_NOPAD.encode(&sealed))
    }

    fn feed_binding(&self) -> Vec<u8> {
        format!("feed {}", self.caller().agency).into_bytes()
    }

    /// The `Link` to the page after a cursor.
    pub fn link(&self, cursor: &str) -> String {
        let mut kept: Vec<&str> =
            self.query.split('&').filter(|it| !it.is_empty() && !it.starts_with("cursor=")).collect();
        let cursor = format!("cursor={cursor}");
        kept.push(&cursor);
        format!("<{}?{}>; rel=\"next\"", self.path, kept.join("&"))
    }

    /// To whom and to which list and filters a cursor belongs.
    fn cursor_binding(&self) -> Vec<u8> {
        let mut filters: Vec<&str> = self
            .query
            .split('&')
            .filter(|it| !it.is_empty() && !it.starts_with("cursor=") && !it.starts_with("limit="))
            .collect();
        filters.sort_unstable();
        format!("{} {} {}", self.caller().client, self.path, filters.join("&")).into_bytes()
    }
}
