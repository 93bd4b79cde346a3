/* Rosenbrock, training loop and payoff by hand in C, derivatives included. */

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
