package io.haul.fleet.positions;

public record Position(String truck, double lat, double lng) {}
