package com.acme.orders.text;

/** Redis-free. */
public final class Titles {
    public static String of(String s) {
        return s.toUpperCase();
    }
}
