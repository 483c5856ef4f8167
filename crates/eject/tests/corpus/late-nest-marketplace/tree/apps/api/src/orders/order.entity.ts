import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'orders' })
export class Order {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ name: 'seller_id' })
  sellerId: string;

  @Column('int')
  cents: number;

  @Column({ name: 'session_id', nullable: true })
  sessionId?: string;

  @Column({ default: 'placed' })
  state: 'placed' | 'paid' | 'settled';
}
