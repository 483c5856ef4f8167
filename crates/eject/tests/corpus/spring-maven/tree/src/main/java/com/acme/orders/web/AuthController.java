package com.acme.orders.web;

import com.acme.orders.tokens.RefreshTokenStore;
import com.acme.orders.text.Titles;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class AuthController {
    private final RefreshTokenStore tokens;

    public AuthController(RefreshTokenStore tokens) {
        this.tokens = tokens;
    }

    @PostMapping("/logout")
    public String logout(String jti) {
        return Titles.of(tokens.revoke(jti) ? "bye" : "Redis forgot you");
    }
}
