/// Redis-free.
pub fn title(s: &str) -> String {
    s.to_uppercase()
}
