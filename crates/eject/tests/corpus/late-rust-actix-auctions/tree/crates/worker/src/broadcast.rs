use tokio::sync::broadcast::{channel, Receiver, Sender};
use uuid::Uuid;

/// Tells who listens in this process that the hammer fell.
#[derive(Clone)]
pub struct Gavel {
    publisher: Sender<Uuid>,
}

impl Default for Gavel {
    fn default() -> Self {
        Self { publisher: channel(64).0 }
    }
}

impl Gavel {
    pub fn publish(&self, lot: Uuid) {
        let _ = self.publisher.send(lot);
    }

    pub fn subscribe(&self) -> Receiver<Uuid> {
        self.publisher.subscribe()
    }
}
