package eu.parcelo.courier.login;

import javax.servlet.http.HttpSession;

import eu.parcelo.courier.stats.LiveStats;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LoginController {
    private final OtpService otp;
    private final LiveStats stats;

    LoginController(OtpService otp, LiveStats stats) {
        this.otp = otp;
        this.stats = stats;
    }

    @PostMapping("/login")
    ResponseEntity<Void> login(@RequestParam String phone, @RequestParam String code, HttpSession session) {
        if (!otp.verify(phone, code)) {
            return ResponseEntity.status(401).build();
        }
        session.setAttribute("phone", phone);
        stats.loggedIn(phone);
        return ResponseEntity.noContent().build();
    }
}
