import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Reservation {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  room!: string;

  @Column('date')
  night!: string;

  @Column()
  guest!: string;

  @Column({ name: 'redis_hold_key', nullable: true })
  holdKey?: string;
}
