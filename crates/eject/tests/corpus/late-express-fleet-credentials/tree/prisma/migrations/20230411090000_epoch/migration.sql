-- AlterTable
ALTER TABLE "Driver" ADD COLUMN "redis_epoch" INTEGER NOT NULL DEFAULT 0;
