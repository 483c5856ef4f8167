use redis_test::MockRedisConnection;

#[test]
fn mocked() {
    let _ = MockRedisConnection::new(Vec::new());
}
