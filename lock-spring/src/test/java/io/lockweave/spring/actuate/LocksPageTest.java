package io.lockweave.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.spring.LockingAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** The operators' page: where it is, what it may do, and that nothing foreign gets into it. */
class LocksPageTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LockingAutoConfiguration.class,
                    LockingActuatorAutoConfiguration.class,
                    EndpointAutoConfiguration.class))
            .withInitializer(
                    context -> context.getEnvironment().setConversionService(new ApplicationConversionService()));

    private ApplicationContextRunner exposed() {
        return application.withPropertyValues("management.endpoints.web.exposure.include=locks,lockspage");
    }

    private static String page(ApplicationContext context) {
        return context.getBean(LocksPageEndpoint.class).page();
    }

    @Test
    void it_is_there_only_where_the_application_exposes_it() {
        application.run(context -> assertThat(context).doesNotHaveBean(LocksPageEndpoint.class));
        application
                .withPropertyValues("management.endpoints.web.exposure.include=locks")
                .run(context -> assertThat(context).doesNotHaveBean(LocksPageEndpoint.class));
        exposed().run(context -> assertThat(context).hasSingleBean(LocksPageEndpoint.class));
        exposed()
                .withPropertyValues("management.endpoint.lockspage.access=none")
                .run(context -> assertThat(context).doesNotHaveBean(LocksPageEndpoint.class));
    }

    @Test
    void it_frees_locks_only_where_the_endpoint_does() {
        exposed().run(context -> assertThat(page(context)).contains("data-release=\"false\""));
        exposed().withPropertyValues("lockweave.endpoint.force-release=true").run(context -> assertThat(page(context))
                .contains("data-release=\"false\""));
        exposed()
                .withPropertyValues("management.endpoint.locks.access=unrestricted")
                .run(context -> assertThat(page(context)).contains("data-release=\"false\""));
        exposed()
                .withPropertyValues(
                        "lockweave.endpoint.force-release=true", "management.endpoint.locks.access=unrestricted")
                .run(context -> assertThat(page(context)).contains("data-release=\"true\""));
        exposed()
                .withPropertyValues(
                        "lockweave.endpoint.force-release=true",
                        "management.endpoint.locks.access=unrestricted",
                        "management.endpoints.access.max-permitted=read-only")
                .run(context -> assertThat(page(context)).contains("data-release=\"false\""));
    }

    @Test
    void it_asks_the_endpoint_where_that_is() {
        exposed().run(context -> assertThat(page(context)).contains("data-locks=\"locks\""));
        exposed()
                .withPropertyValues("management.endpoints.web.path-mapping.locks=ops/who-holds")
                .run(context -> assertThat(page(context)).contains("data-locks=\"ops/who-holds\""));
    }

    /** A policy with the hash of another text would leave the page without its script. */
    @Test
    void its_policy_allows_its_own_script_and_style_and_nothing_else() throws Exception {
        String page = new LocksPageEndpoint("locks", false).page();
        String policy = first(page, "Content-Security-Policy\" content=\"([^\"]*)\"");
        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self'")
                .contains("script-src 'sha256-" + hash(first(page, "(?s)<script>(.*)</script>")) + "'")
                .contains("style-src 'sha256-" + hash(first(page, "(?s)<style>(.*)</style>")) + "'")
                .doesNotContain("unsafe");
        assertThat(page)
                .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "${", "://")
                .doesNotContainPattern("<[^>]+\\son[a-z]+=")
                .doesNotContainPattern("<[^>]+\\sstyle=");
    }

    /** What people see of a key is no address: a key may be {@code ../user/42}. */
    @Test
    void it_frees_by_the_address_that_the_endpoint_gives() {
        assertThat(new LocksPageEndpoint("locks", true).page())
                .contains("url + \"/\" + address")
                .contains("lock.address === null")
                .doesNotContain("encodeURIComponent");
    }

    @Test
    void each_part_that_its_script_uses_is_there() {
        String page = new LocksPageEndpoint("locks", true).page();
        List<String> used = Pattern.compile("\\bat\\(\"([a-z-]+)\"\\)")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertThat(used).hasSizeGreaterThan(10).allSatisfy(id -> assertThat(page)
                .contains("id=\"" + id + "\""));
    }

    @Test
    void a_path_cannot_break_out_of_the_page() {
        assertThat(new LocksPageEndpoint("a\"><script>alert(1)</script>", false).page())
                .doesNotContain("<script>alert");
    }

    private static String first(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    private static String hash(String text) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
