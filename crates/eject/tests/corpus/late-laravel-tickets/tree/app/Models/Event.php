<?php

namespace App\Models;

use Illuminate\Database\Eloquent\Model;

class Event extends Model
{
    protected $fillable = ['name', 'starts_at', 'currency', 'capacity'];

    protected $casts = ['starts_at' => 'datetime'];
}
