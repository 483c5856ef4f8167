<?php
// Tokens leave Redis::class
use Illuminate\Database\Migrations\Migration;

return new class extends Migration {
    public function up(): void {}
};
