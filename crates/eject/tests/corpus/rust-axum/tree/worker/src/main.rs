use apalis::prelude::*;
use apalis::redis::RedisStorage;
#[cfg(feature = "cluster")]
use fred::{clients::RedisClient, interfaces::*};

#[derive(serde::Serialize, serde::Deserialize)]
struct Mail(String);

#[tokio::main]
async fn main() {
    let connection = apalis::redis::connect("redis://127.0.0.1/").await.unwrap();
    let mut storage = RedisStorage::<Mail>::new(connection);
    storage.push(Mail("a@example.com".into())).await.unwrap();
    #[cfg(feature = "cluster")]
    {
        let client = RedisClient::default();
        client.init().await.unwrap();
        let _: () = client.publish("mail", "sent").await.unwrap();
    }
}
