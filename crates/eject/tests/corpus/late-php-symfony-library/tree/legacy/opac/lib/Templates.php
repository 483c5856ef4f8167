<?php

class Templates
{
    private $memcached;

    public function __construct(Memcached $memcached)
    {
        $this->memcached = $memcached;
    }

    public function render($name, array $values)
    {
        $source = $this->memcached->get('template:' . $name);
        if ($source === false) {
            $source = file_get_contents(__DIR__ . '/../templates/' . $name . '.html');
            $this->memcached->set('template:' . $name, $source, 300);
        }

        return preg_replace_callback('/{{(\w+)}}/', fn ($m) => htmlspecialchars($values[$m[1]] ?? ''), $source);
    }
}
