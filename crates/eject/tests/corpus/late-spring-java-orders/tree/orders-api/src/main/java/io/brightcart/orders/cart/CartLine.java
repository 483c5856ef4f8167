package io.brightcart.orders.cart;

public record CartLine(String sku, int quantity) {}
