//! What stands for a thing of a key, outside: a reservation, or a permit.

use std::{fmt, sync::Arc};

use crate::lanes::Key;

/// A policy, a key of it, and a thing of that, as text `policy.key.id` in base 62: all that another
/// process needs to find its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) policy: Arc<str>,
    pub(crate) key: Key,
    pub(crate) id: Key,
}

impl Handle {
    /// A policy's name may have dots, what follows has none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, '.');
        let (id, key, policy) = (parts.next()?, parts.next()?, parts.next()?);
        let decode = |part: &str| base62::decode(part).ok().map(Key);
        Some(Self { policy: policy.into(), key: decode(key)?, id: decode(id)? })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, key, id } = self;
        write!(f, "{policy}.{}.{}", base62::encode(key.0), base62::encode(id.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let handle = Handle { policy: "llm.tokens".into(), key: Key(u128::MAX), id: Key(7) };
        assert_eq!(Handle::read(&handle.to_string()), Some(handle));
        for wrong in ["", "a", "a.b", "a.!.b", "a.b.99999999999999999999999999"] {
            assert_eq!(Handle::read(wrong), None, "{wrong}");
        }
    }
}
