use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Preview {
    pub slug: String,
    pub url: String,
}
