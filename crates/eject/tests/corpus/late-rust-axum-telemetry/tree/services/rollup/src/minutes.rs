use gale_store::Latest;
use sqlx::PgPool;

pub async fn write(database: &PgPool, latest: &dyn Latest, minute: i64) -> anyhow::Result<()> {
    let mut tx = database.begin().await?;
    for reading in latest.all("nord").await? {
        sqlx::query("insert into minutes (turbine, minute, kilowatts) values ($1, $2, $3) on conflict do nothing")
            .bind(&reading.turbine)
            .bind(minute)
            .bind(reading.kilowatts)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}
