package com.acme.text

/** Uses no Redis. */
fun title(s: String) = s.replaceFirstChar(Char::uppercase)
