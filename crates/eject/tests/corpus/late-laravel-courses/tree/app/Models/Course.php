<?php

namespace App\Models;

use Illuminate\Database\Eloquent\Model;

class Course extends Model
{
    protected $fillable = ['title', 'redis_key'];

    protected $casts = ['expire' => 'datetime'];
}
