"""The questions of the first guide, in the order they are asked: part, slug, question, hint."""

QUESTIONS = (
    (
        "impact",
        "who",
        "Which customers were hit, and how many?",
        "Where nobody counted, estimate, and say what the estimate rests on.",
    ),
    (
        "impact",
        "experience",
        "What did they experience?",
        "In their words rather than ours: what did they try, what did they see?",
    ),
    (
        "impact",
        "business",
        "What did it cost the business?",
        "Lost orders, credits, contracts, trust. “Nothing that we know of” is an answer.",
    ),
    (
        "impact",
        "security",
        "Was anything exposed, changed or lost?",
        "Say how you know, also where the answer is no.",
    ),
    (
        "impact",
        "unaffected",
        "What was not affected?",
        "Regions, customers, functions that went on working: it tells where the walls held.",
    ),
    (
        "detection",
        "found-by",
        "How was it found?",
        "By an alarm of ours, another team, a customer, by chance?",
    ),
    (
        "detection",
        "sooner",
        "Should it have been found sooner, and by what?",
        "Think of the first moment at which a machine could have known.",
    ),
    (
        "detection",
        "halve-detection",
        "What would halve the time to detect?",
        "One change that is worth an action item is better than three wishes.",
    ),
    (
        "diagnosis",
        "knew-what",
        "How did you get to know what to do?",
        "Which graph, log line, person or guess turned out to be the one?",
    ),
    (
        "diagnosis",
        "slowed",
        "What slowed the diagnosis down?",
        "Reaching somebody, access, dashboards, missing knowledge, a false trail?",
    ),
    (
        "diagnosis",
        "halve-diagnosis",
        "What would halve the time to diagnose?",
        "Of all that you knew at the end: which graph, access or person knew it first?",
    ),
    (
        "mitigation",
        "failed-attempts",
        "What was tried that did not help, and why did it make sense then?",
        "Attempts that failed teach the next responder as much as the one that worked.",
    ),
    (
        "mitigation",
        "confirmed",
        "How was full recovery confirmed?",
        "Which measurement, over how long, seen by whom?",
    ),
    (
        "mitigation",
        "escalation",
        "Would earlier escalation have helped?",
        "Who could have been called, and what made it seem too early?",
    ),
    (
        "mitigation",
        "runbook",
        "Was there a runbook, and when was it last practised?",
        "If there was none, say how those who helped knew what to do.",
    ),
    (
        "prevention",
        "change",
        "Was it triggered by a change, and how did that change ship?",
        "Deployment, configuration, capacity, data, or nothing that we did.",
    ),
    (
        "prevention",
        "checks-passed",
        "Why did review, tests, staging and canary let it pass?",
        "A check that existed and passed is usually the best place for a correction.",
    ),
    (
        "prevention",
        "known",
        "Was a known backlog item the fix? Why was it not done?",
        "Say what it was weighed against, and what was known of the risk at that time.",
    ),
    (
        "prevention",
        "impossible",
        "Which rule or limit would make this impossible?",
        "Rather than less likely.",
    ),
)
