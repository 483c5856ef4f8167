// Was a try in 2023; the cluster was too dear.
use redis::cluster::ClusterClient;

pub async fn connect(nodes: Vec<String>) -> redis::RedisResult<redis::cluster_async::ClusterConnection> {
    ClusterClient::new(nodes)?.get_async_connection().await
}
