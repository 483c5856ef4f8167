//! Small trees, and what a scan of them says.
