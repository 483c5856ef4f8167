package io.brightcart.platform.redis;

public class LockBusyException extends RuntimeException {

    public LockBusyException(String name) {
        super("somebody else holds " + name);
    }
}
