package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    private static void race(String strategy, int calls, int number) throws Exception {
        set("calls", calls);
        browser.value("document.querySelector('input[value=" + strategy + "]').click()");
        browser.value("document.getElementById('go').click()");
        until("document.querySelectorAll('#history tr').length === " + number
                + " && !document.getElementById('go').disabled");
    }

    @ParameterizedTest
    @CsvSource({"390, 844, true", "1280, 900, false"})
    void a_race_runs_on_the_page(int width, int height, boolean phone) throws Exception {
        browser.complaints.clear();
        browser.open(
                "http://localhost:" + application.getEnvironment().getProperty("local.server.port"),
                width,
                height,
                phone);
        until("document.querySelectorAll('#strategies input').length === 7");

        race("none", 1_000, 1);
        assertThat(number("expected")).isEqualTo(1_000);
        assertThat(number("lost")).isPositive();
        assertThat(number("actual")).isEqualTo(1_000 - number("lost"));

        race("locked", 1_000, 2);
        assertThat(number("expected")).isEqualTo(1_000);
        assertThat(number("actual")).isEqualTo(1_000);
        assertThat(number("lost")).isZero();
        until("document.querySelectorAll('#histogram rect').length > 0");
        until("document.querySelectorAll('#throughput polyline').length === 1");

        assertThat(browser.value("document.documentElement.scrollWidth <= " + width))
                .isEqualTo(true);
        browser.picture(Path.of("target", "page-" + width + ".png"));
        assertThat(browser.complaints).isEmpty();

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
                + " && document.getElementById('go').disabled");
        browser.picture(picture);
        assertThat(browser.value("/lockweave.race/.test(document.getElementById('locks').textContent)"))
                .as("the lock of the race itself is shown")
                .isEqualTo(false);
        until("document.querySelectorAll('#history tr').length === 3");
    }

    private static void aMistakeIsSaid() throws Exception {
        browser.value("document.getElementById('threads').max = 99");
        set("threads", 99);
        browser.value("document.getElementById('go').click()");
        until("/threads is 99/.test(document.getElementById('error').textContent)");
        assertThat(browser.value("document.getElementById('go').disabled")).isEqualTo(false);
    }
}
