/* Rosenbrock, training loop, payoff, a network on two moons and options by hand in C, derivatives included. */

#include <math.h>

/* Rosenbrock's function; out: the value and then its gradient. */
void rosenbrock(long n, const double *x, double *out)
{
    double total = 0.0, *gradient = out + 1;

    for (long i = 0; i < n; i++)
        gradient[i] = 0.0;
    for (long i = 0; i + 1 < n; i++) {
        double d = x[i + 1] - x[i] * x[i], e = 1.0 - x[i];
        total += 100.0 * d * d + e * e;
        gradient[i] += -400.0 * d * x[i] - 2.0 * e;
        gradient[i + 1] = 200.0 * d;
    }
    out[0] = total;
}

static double sigmoid(double z) { return 1.0 / (1.0 + exp(-z)); }

/* The two-two-two network, trained in place. */
void train(long steps, double *w)
{
    const double x = 0.05, y = 0.10, rate = 0.5;

    while (steps--) {
        double g = sigmoid(w[0] * x + w[1] * y + 0.35), h = sigmoid(w[2] * x + w[3] * y + 0.35);
        double o = sigmoid(w[4] * g + w[5] * h + 0.60), p = sigmoid(w[6] * g + w[7] * h + 0.60);
        double at_o = (o - 0.01) * o * (1.0 - o), at_p = (p - 0.99) * p * (1.0 - p);
        double at_g = (at_o * w[4] + at_p * w[6]) * g * (1.0 - g);
        double at_h = (at_o * w[5] + at_p * w[7]) * h * (1.0 - h);
        w[0] -= rate * at_g * x;
        w[1] -= rate * at_g * y;
        w[2] -= rate * at_h * x;
        w[3] -= rate * at_h * y;
        w[4] -= rate * at_o * g;
        w[5] -= rate * at_o * h;
        w[6] -= rate * at_p * g;
        w[7] -= rate * at_p * h;
    }
}

/* The payoff on one path of at most 1000 steps; out: the value and its gradient by the parameters. */
void payoff(long steps, const double *parameters, const double *normals, double *out)
{
    enum { WEEK = 5, MOST = 1000 };
    const double spot = parameters[0], kappa = parameters[2], theta = parameters[3], xi = parameters[4];
    const double rho = parameters[5], rate = parameters[6], strike = 100.0, barrier = 85.0, rebate = 2.0, least = 1.0;
    const double dt = 1.0 / steps, root_dt = sqrt(dt), rest = sqrt(1.0 - rho * rho);
    double v[MOST + 1], root[MOST], s[MOST / WEEK], x = 0.0, total = 0.0;

    for (int i = 0; i < 8; i++)
        out[i] = 0.0;
    v[0] = parameters[1];
    for (long i = 0; i < steps; i++) {
        double z = normals[2 * i], other = normals[2 * i + 1];
        root[i] = sqrt(fabs(v[i])) * root_dt;
        x += (rate - 0.5 * v[i]) * dt + root[i] * z;
        v[i + 1] = v[i] + kappa * (theta - v[i]) * dt + xi * root[i] * (rho * z + rest * other);
        if ((i + 1) % WEEK == 0) {
            s[i / WEEK] = spot * exp(x);
            if (s[i / WEEK] <= barrier) {
                double time = (i + 1) * dt;
                out[0] = rebate * exp(-rate * time);
                out[7] = -time * out[0];
                return;
            }
            total += s[i / WEEK];
        }
    }

    long weeks = steps / WEEK;
    double gain = total / weeks - strike, discount = exp(-rate), at_x = 0.0, at_v = 0.0;
    out[0] = discount * (gain > least ? gain : least);
    out[7] = -out[0];
    if (!(gain > least))
        return;
    for (long i = steps - 1; i >= 0; i--) {
        double z = normals[2 * i], other = normals[2 * i + 1], both = rho * z + rest * other, at_root;
        if ((i + 1) % WEEK == 0) {
            out[1] += discount / weeks * s[i / WEEK] / spot;
            at_x += discount / weeks * s[i / WEEK];
        }
        at_root = at_x * z + at_v * xi * both;
        out[3] += at_v * (theta - v[i]) * dt;
        out[4] += at_v * kappa * dt;
        out[5] += at_v * root[i] * both;
        out[6] += at_v * xi * root[i] * (z - rho / rest * other);
        out[7] += at_x * dt;
        at_v += -at_v * kappa * dt - 0.5 * at_x * dt + at_root * copysign(0.5 * dt / root[i], v[i]);
    }
    out[2] = at_v;
}

enum { WIDE = 16, POINTS = 128 };
typedef double layer[WIDE][POINTS];     /* of each neuron a number for each point */

static void forward(long n, int in, int out, const double *w, layer x, layer y)
{
    for (int j = 0; j < out; j++) {
        const double *row = w + j * (in + 1);
        for (long p = 0; p < n; p++)
            y[j][p] = row[in];
        for (int i = 0; i < in; i++)
            for (long p = 0; p < n; p++)
                y[j][p] += row[i] * x[i][p];
    }
}

static void backward(long n, int in, int out, const double *w, layer x, layer at_y, layer at_x, double *gradient)
{
    for (int j = 0; j < out; j++) {
        double *row = gradient + j * (in + 1);
        for (int i = 0; i <= in; i++)
            row[i] = 0.0;
        for (long p = 0; p < n; p++)
            row[in] += at_y[j][p];
        for (int i = 0; i < in; i++)
            for (long p = 0; p < n; p++)
                row[i] += at_y[j][p] * x[i][p];
    }
    for (int i = 0; at_x && i < in; i++) {      /* x is behind a relu */
        for (long p = 0; p < n; p++)
            at_x[i][p] = 0.0;
        for (int j = 0; j < out; j++)
            for (long p = 0; p < n; p++)
                at_x[i][p] += w[j * (in + 1) + i] * at_y[j][p];
        for (long p = 0; p < n; p++)
            at_x[i][p] = x[i][p] > 0.0 ? at_x[i][p] : 0.0;
    }
}

static void relu(long n, layer x)
{
    for (int i = 0; i < WIDE; i++)
        for (long p = 0; p < n; p++)
            x[i][p] = x[i][p] > 0.0 ? x[i][p] : 0.0;
}

/* MLP(2, [16, 16, 1]) and the mean hinge loss of n points, of which x has a row for each coordinate; out: the value and
   its gradient. A neuron has its weights and then its bias. */
void moons(long n, const double *w, const double *points, const double *sides, double *out)
{
    const double *second = w + 3 * WIDE, *third = second + (WIDE + 1) * WIDE;
    double *gradient = out + 1, total = 0.0;
    layer x, g, h, score, at_g, at_h, at_score;

    for (long p = 0; p < n; p++) {
        x[0][p] = points[p];
        x[1][p] = points[n + p];
    }
    forward(n, 2, WIDE, w, x, g);
    relu(n, g);
    forward(n, WIDE, WIDE, second, g, h);
    relu(n, h);
    forward(n, WIDE, 1, third, h, score);
    for (long p = 0; p < n; p++) {
        double hinge = 1.0 - sides[p] * score[0][p];
        total += hinge > 0.0 ? hinge : 0.0;
        at_score[0][p] = hinge > 0.0 ? -sides[p] / n : 0.0;
    }
    out[0] = total / n;
    backward(n, WIDE, 1, third, h, at_score, at_h, gradient + (third - w));
    backward(n, WIDE, WIDE, second, g, at_h, at_g, gradient + (second - w));
    backward(n, 2, WIDE, w, x, at_g, 0, gradient);
}

/* Black and Scholes' price of n calls and five greeks. market: spots, strikes, rates, times, volatilities, and out:
   prices and the derivatives by these, each a row of n. */
void options(long n, const double *market, double *out)
{
    const double *spots = market, *strikes = spots + n, *rates = strikes + n, *times = rates + n, *vols = times + n;

#pragma GCC ivdep      /* no row is another one's */
    for (long i = 0; i < n; i++) {
        double root = sqrt(times[i]), spread = vols[i] * root;
        double d = (log(spots[i] / strikes[i]) + rates[i] * times[i]) / spread + 0.5 * spread, e = d - spread;
        double share = 0.5 * erfc(-M_SQRT1_2 * d), discount = exp(-rates[i] * times[i]);
        double debt = discount * 0.5 * erfc(-M_SQRT1_2 * e), vega = spots[i] * root * exp(-0.5 * d * d) * 0.3989422804014327;
        out[i] = spots[i] * share - strikes[i] * debt;
        out[n + i] = share;
        out[2 * n + i] = -debt;
        out[3 * n + i] = strikes[i] * times[i] * debt;
        out[4 * n + i] = 0.5 * vega * vols[i] / times[i] + rates[i] * strikes[i] * debt;
        out[5 * n + i] = vega;
    }
}
