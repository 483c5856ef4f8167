import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('products')
export class Product {
  @PrimaryColumn()
  sku: string;

  @Column()
  title: string;

  @Column('int')
  cents: number;

  @Column({ name: 'redis_warmed_at', type: 'timestamptz', nullable: true })
  warmedAt: Date | null;

  @Column({ name: 'queue_position', type: 'int', nullable: true })
  queuePosition: number | null;
}
