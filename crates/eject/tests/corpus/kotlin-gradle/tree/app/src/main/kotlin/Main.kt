import com.acme.limits.Limiter
import com.acme.text.title

fun main() {
    val limiter = Limiter()
    println(if (limiter.allow("me")) title("hello") else "Redis says no")
}
