package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The page in a real browser, where one is on the PATH. Leaves pictures of it in {@code target}. */
@Timeout(120)
class PageIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static ConfigurableApplicationContext application;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Browser.program().isPresent(),
                "no Chromium on the PATH: the page was not looked at; install chromium to have it tested");
        application = SpringApplication.run(PointsApplication.class, "--server.port=0");
        browser = new Browser(Browser.program().orElseThrow());
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (application != null) {
            application.close();
        }
    }

    private static void until(String expression) {
        await(expression).atMost(SOON).until(() -> Boolean.TRUE.equals(browser.value(expression)));
    }

    private static int number(String id) throws Exception {
        return ((Number) browser.value("+document.getElementById('" + id + "').textContent.replace(/,/g, '')"))
                .intValue();
    }

    private static void set(String id, int value) throws Exception {
        browser.value("(e => { e.value = " + value
                + "; e.dispatchEvent(new Event('input')); })(document.getElementById('" + id + "'))");
    }

    private static void race(String strategy, int calls) throws Exception {
        set("calls", calls);
        set("work", 500);
        browser.value("document.querySelector('input[value=" + strategy + "]').click()");
        browser.value("document.getElementById('go').click()");
        untilEnded();
    }

    private static void untilEnded() {
        until("document.getElementById('go').ariaDisabled === 'false'"
                + " && /has ended/.test(document.getElementById('status').textContent)");
    }

    private static void open(int width, int height, boolean phone) throws Exception {
        browser.open(
                "http://localhost:" + application.getEnvironment().getProperty("local.server.port"),
                width,
                height,
                phone);
        until("document.querySelectorAll('#strategies input').length === 9");
    }

    @ParameterizedTest
    @CsvSource({"390, 844, true", "1280, 900, false"})
    void a_race_runs_on_the_page(int width, int height, boolean phone) throws Exception {
        browser.complaints.clear();
        open(width, height, phone);

        race("none", 1_000);
        assertThat(number("expected")).isEqualTo(1_000);
        assertThat(number("lost")).isPositive();
        assertThat(number("actual")).isEqualTo(1_000 - number("lost"));

        race("locked", 1_000);
        assertThat(number("expected")).isEqualTo(1_000);
        assertThat(number("actual")).isEqualTo(1_000);
        assertThat(number("lost")).isZero();
        until("document.querySelectorAll('#histogram rect').length > 0");
        until("document.querySelectorAll('#throughput polyline').length === 1");

        assertThat(browser.value("document.documentElement.scrollWidth <= " + width))
                .isEqualTo(true);
        browser.picture(Path.of("target", "page-" + width + ".png"));
        assertThat(browser.complaints).isEmpty();

        aReloadKeepsTheResult(width, height, phone);
        theHolderAndTheWaitersAreShownMeanwhile(Path.of("target", "page-" + width + "-racing.png"));
        aMistakeIsSaid();
    }

    private static void theHolderAndTheWaitersAreShownMeanwhile(Path picture) throws Exception {
        set("calls", 4_000);
        browser.value("document.getElementById('go').click()");
        until("/user/.test(document.getElementById('locks').textContent)"
                + " && document.querySelectorAll('#locks .tags span').length > 1"
                + " && +document.getElementById('expected').textContent.replace(/,/g, '') > 500"
                + " && document.querySelectorAll('#throughput polyline').length === 1"
                + " && document.getElementById('go').ariaDisabled === 'true'");
        browser.picture(picture);
        assertThat(browser.value("/lockweave.race/.test(document.getElementById('locks').textContent)"))
                .as("the lock of the race itself is shown")
                .isEqualTo(false);
        untilEnded();
    }

    private static void aReloadKeepsTheResult(int width, int height, boolean phone) throws Exception {
        browser.value("document.getElementById('title').textContent = 'old'");
        open(width, height, phone);
        until("/^@Locked, 4 threads/.test(document.getElementById('title').textContent)");
        assertThat(number("expected")).isEqualTo(1_000);
        assertThat(browser.value("document.querySelector('#strategies input:checked').value"))
                .isEqualTo("locked");
        until("document.querySelectorAll('#throughput polyline').length === 1"
                + " && document.querySelectorAll('#history tr').length > 1");
    }

    private static void aMistakeIsSaid() throws Exception {
        browser.value("(e => { e.value = 'many'; })(document.getElementById('threads'))");
        browser.value("document.getElementById('go').click()");
        until("/threads is .many.. To fix it: choose a whole number from 1 to 64/"
                + ".test(document.getElementById('error').textContent)");
        assertThat(browser.value("document.getElementById('go').ariaDisabled")).isEqualTo("false");
        assertThat(browser.value("document.activeElement.id + document.activeElement.ariaInvalid"))
                .isEqualTo("threadstrue");
        browser.picture(Path.of("target", "page-wrong.png"));
        set("threads", 4);
    }

    @Test
    void dark_means_dark_controls_too() throws Exception {
        browser.colours("dark");
        open(1280, 900, false);
        assertThat(browser.value("getComputedStyle(document.documentElement).colorScheme"))
                .isEqualTo("light dark");
        browser.picture(Path.of("target", "page-1280-dark.png"));
        open(390, 844, true);
        browser.picture(Path.of("target", "page-390-dark.png"));
        browser.colours("light");
    }

    @Test
    void a_server_that_dies_in_a_race_is_told_and_the_button_is_free_again() throws Exception {
        ConfigurableApplicationContext dying = SpringApplication.run(PointsApplication.class, "--server.port=0");
        try {
            browser.open(
                    "http://localhost:" + dying.getEnvironment().getProperty("local.server.port"), 1280, 900, false);
            until("document.querySelectorAll('#strategies input').length === 9");
            browser.picture(Path.of("target", "page-empty.png"));
            set("calls", 5_000);
            set("work", 10_000);
            browser.value("document.querySelector('input[value=locked]').click()");
            browser.value("document.getElementById('go').click()");
            until("+document.getElementById('expected').textContent > 10");
        } finally {
            dying.close();
        }
        until("/does not answer. To fix it/.test(document.getElementById('error').textContent)");
        assertThat(browser.value(
                        "document.getElementById('go').ariaDisabled + document.getElementById('go').textContent"))
                .isEqualTo("falseStart the race");
        assertThat(browser.value("/not seen to its end/.test(document.getElementById('title').textContent)"))
                .isEqualTo(true);
        browser.picture(Path.of("target", "page-died.png"));
    }
}
