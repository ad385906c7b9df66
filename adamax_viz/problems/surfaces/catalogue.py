"""The built-in surfaces, as data: each is one formula, with where to start, where its minima are, and why to try it."""

from math import pi, sqrt

from adamax_viz.problems.names import unknown
from adamax_viz.problems.surfaces.surface import Minimum, Parameter, Surface

CONDITION = {"condition": Parameter(50, 1, 1000, "How many times steeper the steep direction is than the other.")}

SURFACES = (
    # -- bowls and ravines: what a step size per coordinate can do, and what it can't ----------------------------
    Surface(
        name="round_bowl",
        title="Round bowl",
        formula="(x^2 + y^2)/2",
        starts=((-2.5, 1), (2, 2), (0.5, -2.5)),
        minima=(Minimum(0, 0, 0),),
        teaches="The gradient points away from the minimum everywhere, so whatever bends a path is the optimizer's "
        "doing.",
    ),
    Surface(
        name="scaled_bowl",
        title="Scaled bowl",
        formula="scale*(x^2 + 4*y^2)/2",
        starts=((-2.5, 1.5), (2, -1)),
        minima=(Minimum(0, 0, 0),),
        teaches="The scale multiplies every gradient; dividing by the gradient's own size undoes that, as long as "
        "epsilon and clipping, which have a size of their own, stay out of it.",
        source="this project, after Kingma & Ba 2015, section 2.1 (arXiv:1412.6980)",
        parameters={"scale": Parameter(1, 1e-9, 1e6, "Multiplies the loss, hence every gradient.")},
    ),
    Surface(
        name="ravine",
        title="Ravine along an axis",
        formula="(x^2 + condition*y^2)/2",
        starts=((-2.5, 1), (2.5, 0.05), (-0.3, -2.5)),
        minima=(Minimum(0, 0, 0),),
        teaches="The steep and the flat direction are the axes themselves, the case that a step size per coordinate "
        "is made for.",
        parameters=CONDITION,
        log_levels=True,
    ),
    Surface(
        name="rotated_ravine",
        title="Ravine across the axes",
        formula="((x + y)^2 + condition*(x - y)^2)/4",
        starts=((-2.5, -1), (2.5, 2.4), (-1, 2)),
        minima=(Minimum(0, 0, 0),),
        teaches="The same ravine turned by 45°: x and y are steep together, so a step size for each of them can't "
        "tell the steep direction from the flat one.",
        parameters=CONDITION,
        log_levels=True,
    ),
    Surface(
        name="booth",
        title="Booth",
        formula="(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        domain=((-5, 7), (-3, 9)),
        starts=((6, 8), (-3, 7.5), (-4, 0)),
        minima=(Minimum(1, 3, 0),),
        teaches="A tilted bowl, nine times steeper across than along: a first look at how x and y get in each other's "
        "way.",
        source="Jamil & Yang 2013, Int. J. Mathematical Modelling and Numerical Optimisation 4(2)",
    ),
    Surface(
        name="matyas",
        title="Matyas",
        formula="0.26*(x^2 + y^2) - 0.48*x*y",
        domain=((-6, 6), (-6, 6)),
        starts=((5, 4.5), (-5, 1), (2, -4)),
        minima=(Minimum(0, 0, 0),),
        teaches="A gentle, nearly flat valley along the diagonal: its floor slopes so little that the end of the way "
        "is hard to see.",
        source="Jamil & Yang 2013, Int. J. Mathematical Modelling and Numerical Optimisation 4(2)",
    ),
    # -- curved valleys ------------------------------------------------------------------------------------------
    Surface(
        name="rosenbrock",
        title="Rosenbrock's banana",
        formula="(1 - x)^2 + 100*(y - x^2)^2",
        domain=((-2, 2), (-1, 3)),
        starts=((-1.5, 2), (1.8, 0.1), (0, 2.5), (-1.2, 1)),
        minima=(Minimum(1, 1, 0),),
        teaches="Finding the valley is easy, following its bend to the end is not: the floor turns, and it hardly "
        "slopes.",
        source="Rosenbrock 1960, The Computer Journal 3(3)",
        log_levels=True,
    ),
    Surface(
        name="beale",
        title="Beale",
        formula="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        starts=((0.6, -1.3), (1, -1.5), (-1, 2), (4, 3)),
        minima=(Minimum(3, 0.5, 0),),
        teaches="At the corners it is up to 180,000 high, in the valley less than 1: the largest gradient that u has "
        "seen may be of little use further down.",
        source="Moré, Garbow & Hillstrom 1981, ACM Transactions on Mathematical Software 7(1), problem 5",
        log_levels=True,
    ),
    Surface(
        name="goldstein_price",
        title="Goldstein-Price",
        formula="(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
        "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))",
        domain=((-2, 2), (-2, 2)),
        starts=((0.2, -0.1), (0.7, 0.2), (1.8, 1.5), (-1.5, 1)),
        minima=(
            Minimum(0, -1, 3),
            Minimum(-0.6, -0.4, 30, is_global=False),
            Minimum(1.8, 0.2, 84, is_global=False),
            Minimum(1.2, 0.8, 840, is_global=False),
        ),
        teaches="Heights run from 3 to a million: dividing the gradient by its size keeps the steps sensible on all "
        "of them.",
        source="Goldstein & Price 1971, Mathematics of Computation 25(115)",
        log_levels=True,
    ),
    Surface(
        name="tiny_network",
        title="Two weights of a network",
        formula="((y*tanh(x) - tanh(1))^2 + (y*tanh(2*x) - tanh(2))^2)/2",
        starts=((-1, 2), (1, -2), (-0.5, 2), (0.3, 0.1)),
        minima=(Minimum(1, 1, 0), Minimum(-1, -1, 0)),
        teaches="The real loss of a network y*tanh(x*input) on the inputs 1 and 2 (and, as it is odd, on -1 and -2): "
        "two twin minima, a saddle at zero.",
        log_levels=True,
    ),
    # -- several minima ------------------------------------------------------------------------------------------
    Surface(
        name="himmelblau",
        title="Himmelblau",
        formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        domain=((-5, 5), (-5, 5)),
        starts=((-0.5, -1), (0, 0), (-4.5, 0.5), (1, -4.5)),
        minima=(
            Minimum(3, 2, 0),
            Minimum(-2.805118086952745, 3.131312518250573, 0),
            Minimum(-3.779310253377747, -3.2831859912861696, 0),
            Minimum(3.5844283403304917, -1.8481265269644036, 0),
        ),
        teaches="Four minima of the same depth: which one a run ends in hangs on the start and on every setting.",
        source="Himmelblau 1972, Applied Nonlinear Programming",
        log_levels=True,
    ),
    Surface(
        name="three_hump_camel",
        title="Three-hump camel",
        formula="2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        domain=((-2.5, 2.5), (-2.5, 2.5)),
        starts=((-2.2, 2), (2.2, 1.5), (1.2, -2)),
        minima=(
            Minimum(0, 0, 0),
            Minimum(1.7475523458302888, -0.8737761729151444, 0.2986384422368598, is_global=False),
            Minimum(-1.7475523458302888, 0.8737761729151444, 0.2986384422368598, is_global=False),
        ),
        teaches="The best minimum lies between two others: momentum may carry a path over a hump, or stop just short "
        "of it.",
        source="Surjanovic & Bingham, Virtual Library of Simulation Experiments",
        log_levels=True,
    ),
    Surface(
        name="six_hump_camel",
        title="Six-hump camel",
        formula="(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        domain=((-2.1, 2.1), (-1.5, 1.5)),
        starts=((-1.2, 1.2), (1, 0.05), (1.8, 1.2), (0, 0.01)),
        minima=(
            Minimum(0.08984201310031806, -0.7126564030207396, -1.0316284534898774),
            Minimum(-0.08984201310031806, 0.7126564030207396, -1.0316284534898774),
            Minimum(1.703606714969981, -0.7960835686726251, -0.21546382438371764, is_global=False),
            Minimum(-1.703606714969981, 0.7960835686726251, -0.21546382438371764, is_global=False),
            Minimum(1.6071047529201972, 0.5686514548841314, 2.1042503103112584, is_global=False),
            Minimum(-1.6071047529201972, -0.5686514548841314, 2.1042503103112584, is_global=False),
        ),
        teaches="Six basins on one page: move the start a little across a ridge, and the path may end somewhere else.",
        source="Dixon & Szegő 1978, Towards Global Optimisation 2",
        log_levels=True,
    ),
    Surface(
        name="mccormick",
        title="McCormick",
        formula="sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        domain=((-1.5, 4), (-3, 4)),
        starts=((3.5, -1.7), (3.5, -1.3), (0.5, 0.7), (-1, 3.5)),
        minima=(
            Minimum(1 / 2 - pi / 3, -1 / 2 - pi / 3, -sqrt(3) / 2 - pi / 3),
            Minimum(1 / 2 + 2 * pi / 3, -1 / 2 + 2 * pi / 3, -sqrt(3) / 2 + 2 * pi / 3, is_global=False),
        ),
        teaches="A wavy chute with two hollows: a path that slides in from above may settle in the higher one.",
        source="McCormick 1976, Mathematical Programming 10",
    ),
    Surface(
        name="branin",
        title="Branin",
        formula="(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        domain=((-5, 10), (0, 15)),
        starts=((0.3, 7.4), (2, 8.5), (7, 7.7), (-4, 4)),
        minima=(
            Minimum(-pi, 12.275, 10 / (8 * pi)),
            Minimum(pi, 2.275, 10 / (8 * pi)),
            Minimum(3 * pi, 2.475, 10 / (8 * pi)),
        ),
        teaches="Three equal minima side by side in a bent valley: a fast path may run past one of them into the next.",
        source="Branin 1972, IBM Journal of Research and Development 16(5)",
        log_levels=True,
    ),
    Surface(
        name="styblinski_tang",
        title="Styblinski-Tang",
        formula="(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        starts=((0.5, -0.5), (0.1, 0.3), (4, 4), (-4, 1)),
        minima=(
            Minimum(-2.903534027771177, -2.903534027771177, -78.33233140754282),
            Minimum(2.746802770990837, -2.903534027771177, -64.19561235905536, is_global=False),
            Minimum(-2.903534027771177, 2.746802770990837, -64.19561235905536, is_global=False),
            Minimum(2.746802770990837, 2.746802770990837, -50.05889331056788, is_global=False),
        ),
        teaches="The formula is one part in x plus one in y, so each slope depends on its own coordinate alone: "
        "follow x and y one at a time.",
        source="Styblinski & Tang 1990, Neural Networks 3(4)",
    ),
    # -- many minima: rough ground -------------------------------------------------------------------------------
    Surface(
        name="ackley",
        title="Ackley",
        formula="-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + e",
        domain=((-5, 5), (-5, 5)),
        starts=((-2.6, 3.4), (1.4, 0.6), (4.5, 4.5)),
        minima=(Minimum(0, 0, 0),),
        teaches="A deep funnel under a regular pattern of dents: raise the learning rate until the steps are longer "
        "than a dent is wide.",
        source="Ackley 1987, A Connectionist Machine for Genetic Hillclimbing",
    ),
    Surface(
        name="rastrigin",
        title="Rastrigin",
        formula="20 + x^2 + y^2 - 10*cos(2*pi*x) - 10*cos(2*pi*y)",
        domain=((-5.12, 5.12), (-5.12, 5.12)),
        starts=((-2.6, 1.6), (0.4, -0.4), (4.4, 3.4)),
        minima=(Minimum(0, 0, 0),),
        teaches="A bowl covered with more than a hundred pits: the gradient speaks of the nearest pit, and says next "
        "to nothing about the bowl.",
        source="Rastrigin 1974, Systems of Extremal Control",
    ),
    Surface(
        name="griewank",
        title="Griewank",
        formula="(x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2)) + 1",
        domain=((-8, 8), (-8, 8)),
        starts=((-5, 2), (1.5, 2), (5, -6)),
        minima=(
            Minimum(0, 0, 0),
            Minimum(3.1400226338955397, 4.438444480920714, 0.007396040334115082, is_global=False),
            Minimum(-3.1400226338955397, 4.438444480920714, 0.007396040334115082, is_global=False),
            Minimum(3.1400226338955397, -4.438444480920714, 0.007396040334115082, is_global=False),
            Minimum(-3.1400226338955397, -4.438444480920714, 0.007396040334115082, is_global=False),
            Minimum(6.280045279379904, 0, 0.009864672061006214, is_global=False),
            Minimum(-6.280045279379904, 0, 0.009864672061006214, is_global=False),
        ),
        teaches="The middle of a surface that looks like a smooth bowl from afar: close by, all hollows are almost "
        "equally deep.",
        source="Griewank 1981, Journal of Optimization Theory and Applications 34(1)",
    ),
    Surface(
        name="levy",
        title="Levy",
        formula="sin(pi*(x + 3)/4)^2 + ((x - 1)/4)^2*(1 + 10*sin(pi*(x + 3)/4 + 1)^2)"
        " + ((y - 1)/4)^2*(1 + sin(pi*(y + 3)/2)^2)",
        domain=((-10, 10), (-10, 10)),
        starts=((-2.7, 3.3), (-5, 6), (6, -6)),
        minima=(Minimum(1, 1, 0),),
        teaches="Coarse waves along x, finer ones along y: each coordinate has ridges of its own to cross.",
        source="Surjanovic & Bingham, Virtual Library of Simulation Experiments",
    ),
    Surface(
        name="schwefel",
        title="Schwefel, in hundreds",
        formula="8.379658 - x*sin(10*sqrt(abs(x))) - y*sin(10*sqrt(abs(y)))",
        domain=((-5, 5), (-5, 5)),
        starts=((2.6, 3.2), (-1, 1), (-4, -2.5), (3.9, 4.4)),
        minima=(Minimum(4.2096874635998205, 4.2096874635998205, 2.545513258745043e-07),),
        teaches="The best hollow lies in a far corner, the second best a long way from it, and the slopes between "
        "don't say which way to go.",
        source="Schwefel 1981, Numerical Optimization of Computer Models; x and y in hundreds",
    ),
    Surface(
        name="bohachevsky",
        title="Bohachevsky",
        formula="x^2 + 2*y^2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7",
        domain=((-2, 2), (-2, 2)),
        starts=((-1.6, 1.2), (1, -0.6), (0.3, 1.8)),
        minima=(Minimum(0, 0, 0),),
        teaches="A bowl with ripples that fade beside the walls: high up the slope wins, near the bottom the ripples "
        "do.",
        source="Bohachevsky, Johnson & Stein 1986, Technometrics 28(3)",
    ),
    Surface(
        name="drop_wave",
        title="Drop wave",
        formula="-(1 + cos(12*sqrt(x^2 + y^2)))/((x^2 + y^2)/2 + 2)",
        domain=((-2, 2), (-2, 2)),
        starts=((-0.8, 0.5), (0.25, 0.05), (1.5, -1.3)),
        minima=(Minimum(0, 0, -1),),
        teaches="Each ring is a moat: a path caught in one may go round the minimum, but gets no nearer.",
        source="Surjanovic & Bingham, Virtual Library of Simulation Experiments",
    ),
    # -- flat ground ---------------------------------------------------------------------------------------------
    Surface(
        name="easom",
        title="Easom",
        formula="-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        domain=((-1, 7), (-1, 7)),
        starts=((1.7, 4.5), (4.6, 4.6), (0.5, 5.5)),
        minima=(
            Minimum(pi, pi, -1),
            Minimum(1.3049954504376675, 1.3049954504376675, -8.110223891570066e-05, is_global=False),
            Minimum(2 * pi - 1.3049954504376675, 1.3049954504376675, -8.110223891570066e-05, is_global=False),
            Minimum(1.3049954504376675, 2 * pi - 1.3049954504376675, -8.110223891570066e-05, is_global=False),
            Minimum(2 * pi - 1.3049954504376675, 2 * pi - 1.3049954504376675, -8.110223891570066e-05, is_global=False),
        ),
        teaches="The land around the well only looks flat: a slope of a thousandth still has a direction, and "
        "dividing by its size brings it out.",
        source="Easom 1990, A Survey of Global Optimization Techniques, University of Louisville",
    ),
    Surface(
        name="plateau",
        title="Plateau",
        formula="(x + 1)^4/4 - (x + 1)^3 + tilt*((x + 1)^2/2 - 3*(x + 1)) + y^2/2",
        starts=((-1.5, 1.5), (-1.8, 1.5), (-2.5, 1.5)),
        minima=(Minimum(2, 0, "-6.75 - 4.5*tilt"),),
        teaches="Between two slopes the ground is nearly level: how a path crosses it hangs on what m and u still "
        "remember of the slope before.",
        parameters={"tilt": Parameter(0.02, 0, 0.5, "How much the ground between the slopes still falls.")},
    ),
    Surface(
        name="saddle",
        title="Saddle",
        formula="x^2/2 - steepness*y^2/2 + y^4/4",
        domain=((-2.5, 2.5), (-2.5, 2.5)),
        starts=((-2, 0.001), (1.5, 0), (2, -0.2)),
        minima=(
            Minimum(0, "sqrt(steepness)", "-steepness^2/4"),
            Minimum(0, "-sqrt(steepness)", "-steepness^2/4"),
        ),
        teaches="On the line y = 0 the gradient along y is exactly zero; a hair beside it, dividing by the gradient's "
        "size can make a full step out of almost nothing.",
        parameters={"steepness": Parameter(1, 0.1, 4, "How steeply the saddle falls away on both sides.")},
    ),
    Surface(
        name="monkey_saddle",
        title="Monkey saddle",
        formula="x^3 - 3*x*y^2 + (x^2 + y^2)^2/4",
        domain=((-3.6, 3.6), (-3.6, 3.6)),
        starts=((1.5, 0.05), (0.01, 0.02), (2.5, 2.5)),
        minima=(
            Minimum(-3, 0, -6.75),
            Minimum(1.5, 1.5 * sqrt(3), -6.75),
            Minimum(1.5, -1.5 * sqrt(3), -6.75),
        ),
        teaches="Three ways lead down (two legs and a tail), and in the middle gradient and curvature vanish together.",
        source="Hilbert & Cohn-Vossen 1932, Anschauliche Geometrie; with a wall around it by this project",
        log_levels=True,
    ),
    # -- sudden things -------------------------------------------------------------------------------------------
    Surface(
        name="cliff",
        title="Cliff",
        formula="((x + 1.5)^2 + y^2)/4 + height*(1 + tanh(10*(x - 1)))/2",
        starts=((2.5, 2), (1.2, -1.5), (-2.5, 2.5)),
        minima=(Minimum(-1.5, 0, 0),),
        teaches="The gradient on the cliff is many times that of the land around it: watch how long u remembers a "
        "step there, and what clipping makes of it.",
        source="this project, after Pascanu, Mikolov & Bengio 2013 (arXiv:1211.5063)",
        parameters={"height": Parameter(10, 5, 50, "The height of the cliff; the gradient on it is 5 times that.")},
    ),
    Surface(
        name="kink",
        title="Kink",
        formula="abs(x) + abs(y)",
        domain=((-2, 2), (-2, 2)),
        starts=((-1.5, 1.03), (1.22, 1.22), (-0.5, -1.8)),
        minima=(Minimum(0, 0, 0),),
        teaches="The slope is as steep right beside the minimum as far away, so the gradient's size never says that "
        "it is time to slow down.",
    ),
    Surface(
        name="trap_and_valley",
        title="Sharp trap, wide valley",
        formula="min(((x - 1.5)^2 + y^2)/4, 0.3 + sharpness*((x + 1.2)^2 + y^2))",
        starts=((-2.7, 0.4), (-1.2, 2.5), (-2.2, -1)),
        minima=(Minimum(1.5, 0, 0), Minimum(-1.2, 0, 0.3, is_global=False)),
        teaches="The trap is narrow: a step longer than it is wide can jump it, a shorter one may get caught.",
        parameters={"sharpness": Parameter(20, 5, 100, "How steep, hence how narrow, the trap is.")},
    ),
    # -- surfaces that change with the step t --------------------------------------------------------------------
    Surface(
        name="drifting_bowl",
        title="Drifting bowl",
        formula="((x - 1.5*cos(speed*t))^2 + (y - 1.5*sin(speed*t))^2)/2",
        starts=((-2, 2), (1.5, 0), (0, 0)),
        minima=(Minimum("1.5*cos(speed*t)", "1.5*sin(speed*t)", 0),),
        teaches="The minimum walks in a circle: memory of old gradients smooths the way, but it points to where the "
        "minimum was.",
        parameters={"speed": Parameter(0.01, 0.001, 0.1, "How far the minimum turns in a step, in radians.")},
    ),
    Surface(
        name="rare_feature",
        title="Rare feature",
        formula="x^2/2 + max(0, cos(2*pi*t/period))^20*y^2/2",
        starts=((-2, 2), (2.5, -1)),
        minima=(Minimum(0, 0, 0),),
        teaches="y is heard for a moment in each period, like a rare word in a text; in between m and u fade, each at "
        "its own speed.",
        parameters={"period": Parameter(20, 4, 100, "Steps from one moment to the next.")},
    ),
    Surface(
        name="noise_bursts",
        title="Bowl in bursts of noise",
        formula="(x^2 + y^2)/2 + strength*max(0, -sin(t/25))*(x*sin(40*sin(1.7*t)) + y*sin(40*sin(2.3*t)))",
        starts=((-2.5, 2), (0, 0), (2, -0.5)),
        minima=(
            Minimum(
                "-strength*max(0, -sin(t/25))*sin(40*sin(1.7*t))",
                "-strength*max(0, -sin(t/25))*sin(40*sin(2.3*t))",
                "-(strength*max(0, -sin(t/25)))^2*(sin(40*sin(1.7*t))^2 + sin(40*sin(2.3*t))^2)/2",
            ),
        ),
        teaches="Calm spells and bursts take turns: see how many steps after the last burst u still counts it.",
        parameters={"strength": Parameter(1, 0.1, 2, "How far a burst tilts the bowl.")},
    ),
)

CATALOGUE: dict[str, Surface] = {surface.name: surface for surface in SURFACES}


def find(name: str) -> Surface:
    """The built-in surface of this name.

    Raises:
        ValueError: there is none; the message says which names are close.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    raise ValueError(unknown("surface", name, CATALOGUE))
