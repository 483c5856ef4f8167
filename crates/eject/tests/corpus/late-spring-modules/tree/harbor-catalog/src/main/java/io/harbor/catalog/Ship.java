package io.harbor.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Table;

@Entity
@Table(name = "ships", indexes = @Index(columnList = "redis_key"))
public class Ship {
    @Id
    private Long id;

    @Column(name = "redis_key")
    private String redisKey;
}
